//! A package to test with: two volumes, four items, the kinds of files and names an office has.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use archive_core::finding::Place;
use archive_core::model::{
    Arrangement, Entry, Institution, Item, ItemId, OpeningState, RetentionPeriod, Side, Volume, VolumeNumber,
};
use archive_core::profile::Profile;
use archive_core::reading::{DateReading, ItemDate, RecordDate};
use archive_core::rules::RuleId;
use archive_transfer::{
    Document, Exception, Files, OpeningOpinion, Package, PackageFile, Target, Verification, build, progress,
    verify,
};
use chrono::NaiveDate;

pub(crate) fn item(id: u64, title: &str, day: u32) -> Item {
    let mut item = Item::new(ItemId(id), id.to_string());
    title.clone_into(&mut item.title);
    item.bodies = vec!["建阳县人民政府办公室".to_owned()];
    item.date = ItemDate {
        original: format!("2004年5月{day}日"),
        reading: RecordDate::day(2004, 5, day).map_or(DateReading::Missing, DateReading::On),
    };
    item.pages = Some(2);
    item
}

pub(crate) fn volume(number: u32, title: &str, period: RetentionPeriod, items: &[&Item]) -> Volume {
    let entries = items.iter().zip(1..).map(|(item, item_no)| Entry {
        item: item.id,
        title: item.title.clone(),
        item_no: Some(item_no),
        pages: Some((item_no * 2 - 1, item_no * 2)),
        why: Vec::new(),
    });
    Volume {
        year: 2004,
        side: Side::Government,
        period,
        section: None,
        title: title.to_owned(),
        joined_by: Vec::new(),
        why: Vec::new(),
        entries: entries.collect(),
        number: Some(VolumeNumber {
            catalogue_no: "2004".to_owned(),
            volume_no: number,
            code: format!("J019-2004-{number:03}"),
        }),
    }
}

pub(crate) fn file(item: u64, name: &str, bytes: &[u8]) -> (ItemId, PackageFile) {
    let content = bytes.to_vec();
    let file = PackageFile {
        original_name: name.to_owned(),
        bytes: bytes.len() as u64,
        known: BTreeMap::new(),
        format: None,
        open: Rc::new(move || Ok(Box::new(io::Cursor::new(content.clone())))),
    };
    (ItemId(item), file)
}

/// The files of the sample, in order.
pub(crate) fn files() -> Vec<(ItemId, PackageFile)> {
    vec![
        file(1, "紧急通知（第1页）.TIF", &[b"II*\0".as_slice(), &[7; 5000]].concat()),
        file(1, "紧急通知（第2页）.TIF", &[b"II*\0".as_slice(), &[8; 70_000]].concat()),
        file(2, "批复 (扫描件).pdf", b"%PDF-1.4\n1 0 obj\nendobj\n%%EOF\n"),
        file(3, "预算.docx", b"PK\x03\x04 not really"),
    ]
}

pub(crate) fn package() -> Package<'static> {
    let items = [
        item(1, "关于抗洪抢险的紧急通知", 16),
        item(2, "关于拨付<救灾>款 & 物资的批复", 18),
        item(3, "关于二〇〇四年财政预算的报告", 20),
        item(4, "只有纸质的会议纪要", 21),
    ];
    let [a, b, c, d] = &items;
    let volumes = vec![
        volume(1, "县政府办公室关于抗洪救灾的通知、批复", RetentionPeriod::Permanent, &[a, b]),
        volume(2, "县政府办公室关于财政预算的报告、纪要", RetentionPeriod::LongTerm, &[c, d]),
    ];
    Package {
        institution: Institution {
            name: "建阳县人民政府办公室".to_owned(), fonds: "J019".to_owned()
        },
        archives: "建阳县档案馆".to_owned(),
        category: "WS".to_owned(),
        arrangement: Arrangement { volumes, ..Arrangement::default() },
        items: items.to_vec(),
        profile: profile(),
        files: Files::listed(files()),
        documents: vec![Document {
            name: "案卷目录.pdf".to_owned(), bytes: b"%PDF-1.4\n%%EOF\n".to_vec()
        }],
        opinions: BTreeMap::from([(
            ItemId(2),
            OpeningOpinion { state: OpeningState::Controlled, reason: Some("涉及个人信息".to_owned()) },
        )]),
        findings: Vec::new(),
        exceptions: vec![Exception {
            rule: RuleId::N1,
            place: Place { volume: Some("J019-2004-002".to_owned()), ..Place::default() },
            reason: "检查人出差，后补签字".to_owned(),
            approved_by: "张主任".to_owned(),
            approved_on: day(2005, 4, 1),
        }],
        lent: BTreeSet::new(),
        made_on: day(2005, 4, 2),
        made_by: "王档案".to_owned(),
        sm3: true,
        batch: 1,
        part: None,
    }
}

pub(crate) fn profile() -> Profile {
    let mut profile = Profile::built_in("futian-2006").unwrap();
    profile.numbering.item_digits = 3;
    profile
}

pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// The sample as a folder and a zip in `dir`.
pub(crate) fn built(dir: &Path) -> (PathBuf, PathBuf) {
    let (folder, zip) = (dir.join("J019-2004"), dir.join("J019-2004.zip"));
    build(&package(), Target::Folder, &folder, &progress::silent).unwrap();
    build(&package(), Target::Zip, &zip, &progress::silent).unwrap();
    (folder, zip)
}

pub(crate) fn judged(package: &Path) -> Verification {
    verify(package, &progress::silent).unwrap()
}

/// The findings, one a line: severity, rule, file, sentence.
pub(crate) fn told(verification: &Verification) -> String {
    verification
        .findings
        .iter()
        .map(|f| {
            let file = f.place.file.as_deref().unwrap_or("-");
            format!("{} {} {file}: {}\n", f.severity, f.rule, f.message.en)
        })
        .collect()
}
