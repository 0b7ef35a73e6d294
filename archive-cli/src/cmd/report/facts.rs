//! The figures of a year, out of the registers: each is the list of its records, and the number its sum.
//!
//! Holdings are as of 31 December; everything else is what happened in the year. A volume counts among the
//! holdings of the office until it is destroyed or handed over, and what was handed over on the day of the
//! year's end or before is the archives' (X4).

use std::collections::BTreeMap;

use archive_core::appraisal::{Decision, Target};
use archive_core::model::RetentionPeriod;
use archive_core::opening::Verdict;
use archive_core::statistics::{Chapter, Evidence, Figures};
use archive_core::text;
use archive_core::text::Text;
use archive_store::VolumeRecord;
use chrono::{Datelike as _, NaiveDate};

use crate::cmd::disposal::code_of;
use crate::context::Context;
use crate::error::CommandError;
use crate::office::Office;

/// The year of a day or moment as the database writes it.
fn year_of_day(written: &str) -> Option<i32> {
    written.get(..4)?.parse().ok()
}

fn day_of(written: &str) -> String {
    written.get(..10).unwrap_or(written).to_owned()
}

type Groups = BTreeMap<String, Vec<Evidence>>;

/// Every figure of a year.
pub(super) fn figures(
    context: &Context,
    office: &Office,
    year: i32,
    fonds: Option<&str>,
) -> Result<Figures, CommandError> {
    let mut figures = Figures::default();
    let volumes = office.repository.volume_records(fonds)?;
    holdings(office, year, &volumes, &mut figures)?;
    transfers(office, year, fonds, &volumes, &mut figures)?;
    disposal(office, year, fonds, &volumes, &mut figures)?;
    used(office, year, fonds, &mut figures)?;
    access(office, year, fonds, &volumes, &mut figures)?;
    house(context, office, year, &mut figures)?;
    Ok(figures)
}

fn units() -> [Text; 4] {
    [
        Text::fixed("卷", "volumes"),
        Text::fixed("件", "items"),
        Text::fixed("页", "pages"),
        Text::fixed("次", "times"),
    ]
}

fn holdings(
    office: &Office,
    year: i32,
    volumes: &[VolumeRecord],
    figures: &mut Figures,
) -> Result<(), CommandError> {
    let [volumes_unit, items_unit, pages_unit, _] = units();
    let by_then =
        |moment: &Option<String>| moment.as_deref().and_then(year_of_day).is_some_and(|of| of <= year);
    let permanent: Vec<(String, String)> = office
        .repository
        .appraisal_decisions()?
        .into_iter()
        .filter(|one| {
            one.decision == Decision::Permanent && year_of_day(&one.decided).is_some_and(|of| of <= year)
        })
        .filter_map(|one| match one.target {
            Target::Volume { fonds, code } => Some((fonds, code)),
            _ => None,
        })
        .collect();
    // By length, as volumes stand on the shelves: 永久, 长期, 短期.
    let mut counts: BTreeMap<RetentionPeriod, Vec<Evidence>> = BTreeMap::new();
    let (mut all, mut items, mut pages, mut duplicates) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for one in volumes {
        // What came in by an accession is here since then; what was made here, since its year.
        let here = match &one.received {
            Some(_) => by_then(&one.received),
            None => one.year <= year,
        };
        if !here || by_then(&one.destroyed) {
            continue;
        }
        let evidence = |amount| Evidence::new(&one.code, &one.title, one.year.to_string(), amount);
        if by_then(&one.sent) {
            duplicates.push(evidence(1));
            continue;
        }
        let kept_for_good = permanent.contains(&(one.fonds.clone(), one.code.clone()));
        let period = if kept_for_good { RetentionPeriod::Permanent } else { one.period };
        counts.entry(period).or_default().push(evidence(1));
        all.push(evidence(1));
        items.push(evidence(u64::from(one.items)));
        pages.push(evidence(u64::from(one.pages)));
    }
    let chapter = Chapter::Holdings;
    figures.add(
        chapter,
        "holdings.volumes",
        Text::fixed("室藏案卷", "volumes held"),
        volumes_unit.clone(),
        all,
    );
    figures.add_groups(
        chapter,
        "holdings.volumes",
        &volumes_unit,
        |period| text!("室藏案卷：{period}", "volumes held: {period}"),
        counts.into_iter().map(|(period, evidence)| (period.to_string(), evidence)),
    );
    figures.add(chapter, "holdings.items", Text::fixed("卷内文件", "items in them"), items_unit, items);
    figures.add(chapter, "holdings.pages", Text::fixed("页数", "pages"), pages_unit, pages);
    figures.add(
        chapter,
        "holdings.handed-over",
        Text::fixed("已移交档案馆（本单位留有副本）", "handed over (duplicates kept here)"),
        volumes_unit,
        duplicates,
    );
    Ok(())
}

fn transfers(
    office: &Office,
    year: i32,
    fonds: Option<&str>,
    volumes: &[VolumeRecord],
    figures: &mut Figures,
) -> Result<(), CommandError> {
    let [volumes_unit, items_unit, _, times] = units();
    let chapter = Chapter::Transfers;
    let of = |code: &str| fonds.is_none_or(|fonds| fonds == code);
    let mut formed = Vec::new();
    for one in volumes.iter().filter(|one| one.year == year && one.received.is_none()) {
        formed.push(Evidence::new(&one.code, &one.title, one.year.to_string(), 1));
    }
    figures.add(
        chapter,
        "change.formed",
        Text::fixed("当年案卷：归档", "formed in the year"),
        volumes_unit.clone(),
        formed,
    );
    let received: Vec<_> = office
        .repository
        .received_packages()?
        .into_iter()
        .filter(|one| year_of_day(&one.received) == Some(year) && of(&one.fonds))
        .collect();
    let from = |amount: fn(&archive_store::ReceivedPackage) -> u64| {
        received
            .iter()
            .map(|one| {
                Evidence::new(
                    &one.accession,
                    format!("{} {}", one.sender, one.package),
                    day_of(&one.received),
                    amount(one),
                )
            })
            .collect::<Vec<_>>()
    };
    figures.add(chapter, "accessions", Text::fixed("接收批次", "accessions"), times.clone(), from(|_| 1));
    figures.add(
        chapter,
        "change.accessions",
        Text::fixed("当年案卷：接收", "volumes received"),
        volumes_unit.clone(),
        from(|one| one.volumes),
    );
    figures.add(
        chapter,
        "accessions.items",
        Text::fixed("接收文件", "items received"),
        items_unit.clone(),
        from(|one| one.items),
    );
    let sent: Vec<_> = office
        .repository
        .sent_packages()?
        .into_iter()
        .filter(|one| year_of_day(&one.sent) == Some(year) && of(&one.fonds))
        .collect();
    let to = |amount: fn(&archive_store::SentPackage) -> u64| {
        sent.iter()
            .map(|one| Evidence::new(&one.package, &one.receiver, day_of(&one.sent), amount(one)))
            .collect::<Vec<_>>()
    };
    figures.add(chapter, "transfers", Text::fixed("移交批次", "transfers"), times, to(|_| 1));
    figures.add(
        chapter,
        "change.transfers",
        Text::fixed("当年案卷：移交", "volumes handed over"),
        volumes_unit,
        to(|one| one.volumes),
    );
    figures.add(
        chapter,
        "transfers.items",
        Text::fixed("移交文件", "items handed over"),
        items_unit,
        to(|one| one.items),
    );
    Ok(())
}

fn disposal(
    office: &Office,
    year: i32,
    fonds: Option<&str>,
    volumes: &[VolumeRecord],
    figures: &mut Figures,
) -> Result<(), CommandError> {
    let [volumes_unit, items_unit, _, times] = units();
    let repository = &office.repository;
    let chapter = Chapter::Disposal;
    let of = |code: &str| fonds.is_none_or(|fonds| fonds == code);
    let lists = repository
        .destruction_lists()?
        .into_iter()
        .filter(|list| list.destroyed.is_some_and(|day| day.year() == year));
    let mut carried_out = Vec::new();
    for list in lists {
        if of(&repository.fonds_of_destruction_list(&list.number)?.fonds) {
            let day = list.destroyed.map_or_else(String::new, |day| day.to_string());
            carried_out.push(Evidence::new(&list.number, &list.title, day, 1));
        }
    }
    figures.add(
        chapter,
        "destroyed.lists",
        Text::fixed("执行的销毁清册", "destruction lists carried out"),
        times.clone(),
        carried_out,
    );
    let gone = volumes.iter().filter(|one| one.destroyed.as_deref().and_then(year_of_day) == Some(year));
    let destroyed = gone
        .map(|one| {
            Evidence::new(&one.code, &one.title, day_of(one.destroyed.as_deref().unwrap_or_default()), 1)
        })
        .collect();
    figures.add(
        chapter,
        "change.destroyed",
        Text::fixed("当年案卷：销毁", "volumes destroyed"),
        volumes_unit,
        destroyed,
    );
    let mut items = Vec::new();
    for one in repository.destroyed_items()? {
        let record = repository.item_record(one.item)?;
        if year_of_day(&one.destroyed) == Some(year) && of(&record.fonds) {
            let code = code_of(repository, &Target::Item(one.item))?;
            items.push(Evidence::new(code, record.title, day_of(&one.destroyed), 1));
        }
    }
    figures.add(chapter, "destroyed.items", Text::fixed("销毁文件", "items destroyed"), items_unit, items);
    let (mut extended, mut permanent) = (Vec::new(), Vec::new());
    for one in repository.appraisal_decisions()? {
        if year_of_day(&one.decided) != Some(year) {
            continue;
        }
        let code = code_of(repository, &one.target)?;
        let evidence = Evidence::new(code, one.reason, day_of(&one.decided), 1);
        match one.decision {
            Decision::Extend { .. } => extended.push(evidence),
            Decision::Permanent => permanent.push(evidence),
        }
    }
    figures.add(
        chapter,
        "appraised.extended",
        Text::fixed("鉴定后延长", "kept longer"),
        times.clone(),
        extended,
    );
    figures.add(
        chapter,
        "appraised.permanent",
        Text::fixed("鉴定后改为永久", "kept for good"),
        times,
        permanent,
    );
    Ok(())
}

fn used(office: &Office, year: i32, fonds: Option<&str>, figures: &mut Figures) -> Result<(), CommandError> {
    let [volumes_unit, items_unit, pages_unit, times] = units();
    let repository = &office.repository;
    let chapter = Chapter::Use;
    let people = Text::fixed("人次", "visits");
    let mut verdicts: Groups = BTreeMap::new();
    let mut opened = Vec::new();
    for (item, decision) in repository.opening_decisions()? {
        if decision.on.year() != year {
            continue;
        }
        let record = repository.item_record(item)?;
        if fonds.is_some_and(|fonds| fonds != record.fonds) {
            continue;
        }
        let code = code_of(repository, &Target::Item(item))?;
        let evidence = Evidence::new(code, record.title, decision.on.to_string(), 1);
        if decision.said.verdict == Verdict::Open {
            opened.push(evidence.clone());
        }
        verdicts.entry(decision.said.verdict.name().to_owned()).or_default().push(evidence);
    }
    figures.add(
        chapter,
        "opening.opened",
        Text::fixed("开放文件", "items opened"),
        items_unit.clone(),
        opened,
    );
    figures.add_groups(
        chapter,
        "opening.reviewed",
        &items_unit,
        |name| {
            let word = Verdict::read(name)
                .map_or_else(|| Text::new(name.to_owned(), name.to_owned()), Verdict::word);
            let Text { zh, en } = word;
            text!("开放审核：{zh}", "reviewed: {en}")
        },
        verdicts,
    );
    let readers: BTreeMap<String, archive_store::Reader> =
        repository.readers()?.into_iter().map(|reader| (reader.no.clone(), reader)).collect();
    let (mut by_kind, mut by_purpose): (Groups, Groups) = (BTreeMap::new(), BTreeMap::new());
    let mut kinds: BTreeMap<String, Text> = BTreeMap::new();
    let (mut visits, mut items, mut used_volumes, mut copies, mut feedback) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for one in repository.uses()? {
        if one.day.year() != year {
            continue;
        }
        let reader = readers.get(&one.reader);
        let name = reader.map_or("", |reader| reader.name.as_str());
        let evidence = |amount: u64| {
            Evidence::new(&one.no, format!("{name} {}", one.purpose), one.day.to_string(), amount)
        };
        visits.push(evidence(1));
        if let Some(reader) = reader {
            kinds.insert(reader.kind.name().to_owned(), reader.kind.word());
            by_kind.entry(reader.kind.name().to_owned()).or_default().push(evidence(1));
        }
        let purpose = if one.purpose.trim().is_empty() { "未注明" } else { one.purpose.trim() };
        by_purpose.entry(purpose.to_owned()).or_default().push(evidence(1));
        let mut of_use: Vec<String> = Vec::new();
        for item in &one.items {
            let record = repository.item_record(*item)?;
            items.push(Evidence::new(
                code_of(repository, &Target::Item(*item))?,
                record.title,
                one.day.to_string(),
                1,
            ));
            of_use.extend(record.volume);
        }
        of_use.sort();
        of_use.dedup();
        used_volumes
            .extend(of_use.into_iter().map(|code| Evidence::new(code, &one.no, one.day.to_string(), 1)));
        let pages: u64 =
            one.slips.iter().map(|slip| u64::from(slip.page_count) * u64::from(slip.copies)).sum();
        if pages > 0 {
            copies.push(evidence(pages));
        }
        if one.feedback.is_some() {
            feedback.push(evidence(1));
        }
    }
    figures.add(chapter, "use.visits", Text::fixed("利用人次", "visits of readers"), people.clone(), visits);
    figures.add_groups(
        chapter,
        "use.readers",
        &people,
        |name| {
            let Text { zh, en } =
                kinds.get(name).cloned().unwrap_or_else(|| Text::new(name.to_owned(), name.to_owned()));
            text!("利用者：{zh}", "readers: {en}")
        },
        by_kind,
    );
    figures.add_groups(
        chapter,
        "use.purpose",
        &people,
        |name| text!("利用目的：{name}", "purpose: {name}"),
        by_purpose,
    );
    figures.add(
        chapter,
        "use.volumes",
        Text::fixed("利用案卷", "volumes used"),
        volumes_unit.clone(),
        used_volumes,
    );
    figures.add(chapter, "use.items", Text::fixed("利用文件", "items used"), items_unit, items);
    figures.add(chapter, "use.copies", Text::fixed("复制、摘抄", "copied or excerpted"), pages_unit, copies);
    figures.add(chapter, "use.feedback", Text::fixed("利用效果反馈", "feedback given"), times, feedback);
    let loans = repository.loans()?;
    let lent = loans
        .iter()
        .filter(|loan| loan.lent.year() == year)
        .map(|loan| {
            Evidence::new(&loan.volume, format!("{} {}", loan.no, loan.borrower), loan.lent.to_string(), 1)
        })
        .collect();
    figures.add(chapter, "loans.lent", Text::fixed("借出案卷", "volumes lent"), volumes_unit.clone(), lent);
    let end = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default();
    let out = loans
        .iter()
        .filter(|loan| loan.lent <= end && loan.returned.as_ref().is_none_or(|back| back.on > end))
        .map(|loan| {
            Evidence::new(&loan.volume, format!("{} {}", loan.no, loan.borrower), loan.due.to_string(), 1)
        })
        .collect();
    figures.add(
        chapter,
        "loans.out",
        Text::fixed("年末在借", "on loan at the year's end"),
        volumes_unit,
        out,
    );
    Ok(())
}

fn access(
    office: &Office,
    year: i32,
    fonds: Option<&str>,
    volumes: &[VolumeRecord],
    figures: &mut Figures,
) -> Result<(), CommandError> {
    let [_, items_unit, _, _] = units();
    let chapter = Chapter::Access;
    let mut catalogues: BTreeMap<(String, String), u64> = BTreeMap::new();
    for one in volumes.iter().filter(|one| one.year <= year) {
        *catalogues.entry((one.fonds.clone(), one.catalogue_no.clone())).or_default() += 1;
    }
    let books = Text::fixed("本", "books");
    let aid = |kind: &str| {
        catalogues
            .iter()
            .map(|((fonds, number), volumes)| {
                Evidence::new(format!("{fonds} 目录 {number}"), format!("{kind}（{volumes} 卷）"), "", 1)
            })
            .collect::<Vec<_>>()
    };
    figures.add(
        chapter,
        "aids.volumes",
        Text::fixed("案卷目录", "volume catalogues"),
        books.clone(),
        aid("案卷目录"),
    );
    figures.add(chapter, "aids.full", Text::fixed("全引目录", "full catalogues"), books, aid("全引目录"));
    let described = volumes
        .iter()
        .filter(|one| one.year <= year)
        .map(|one| Evidence::new(&one.code, &one.title, one.year.to_string(), u64::from(one.items)))
        .collect();
    figures.add(
        chapter,
        "aids.entries",
        Text::fixed("机读目录（文件级条目）", "machine-readable entries"),
        items_unit,
        described,
    );
    let there = |amount: fn(&VolumeRecord) -> u64| {
        volumes
            .iter()
            .filter(|one| one.year <= year && amount(one) > 0)
            .map(|one| Evidence::new(&one.code, &one.title, one.year.to_string(), amount(one)))
            .collect::<Vec<_>>()
    };
    figures.add(
        chapter,
        "digital.files",
        Text::fixed("数字副本（在卷）", "digital copies in volumes"),
        Text::fixed("个", "files"),
        there(|one| one.files),
    );
    figures.add(
        chapter,
        "digital.bytes",
        Text::fixed("数字副本容量（在卷）", "their size"),
        Text::fixed("字节", "bytes"),
        there(|one| one.bytes),
    );
    let mut materials = Vec::new();
    for one in office.repository.all_fonds()? {
        if fonds.is_some_and(|fonds| fonds != one.fonds) {
            continue;
        }
        for filed in office.repository.fonds_file(&one.fonds)? {
            if year_of_day(&filed.added).is_some_and(|of| of <= year) {
                let number = format!("{} 全宗卷 {}", one.fonds, filed.number());
                materials.push(Evidence::new(number, filed.material.title, filed.material.date, 1));
            }
        }
    }
    figures.add(
        chapter,
        "fonds-file",
        Text::fixed("全宗卷材料", "materials in fonds files"),
        Text::fixed("份", "materials"),
        materials,
    );
    Ok(())
}

fn house(context: &Context, office: &Office, year: i32, figures: &mut Figures) -> Result<(), CommandError> {
    let [_, _, _, times] = units();
    let repository = &office.repository;
    let chapter = Chapter::House;
    let days = Text::fixed("天", "days");
    let (mut rooms, mut read, mut missing, mut outside) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for room in repository.rooms()? {
        if year_of_day(&room.since).is_some_and(|of| of > year) {
            continue;
        }
        rooms.push(Evidence::new(&room.code, &room.name, &room.since, 1));
        let Some(air) = repository.air_of(&room, year, context.today(), office.profile.storeroom)? else {
            continue;
        };
        read.extend(air.days.iter().map(|day| Evidence::new(&room.code, "", day.day.to_string(), 1)));
        for gap in &air.missing {
            let title = format!("{} — {}", gap.from, gap.to);
            missing.push(Evidence::new(
                &room.code,
                title,
                gap.from.to_string(),
                u64::try_from(gap.count()).unwrap_or(0),
            ));
        }
        for day in air.outside() {
            let told = |range: Option<archive_core::storeroom::climate::Range>| {
                range.map_or_else(|| "—".to_owned(), |range| format!("{:.1}–{:.1}", range.low, range.high))
            };
            let title = format!("{} ℃ {} %", told(day.temperature), told(day.humidity));
            outside.push(Evidence::new(&room.code, title, day.day.to_string(), 1));
        }
    }
    figures.add(chapter, "rooms", Text::fixed("库房", "rooms"), Text::fixed("间", "rooms"), rooms);
    let shelves = repository
        .shelves()?
        .into_iter()
        .map(|one| Evidence::new(format!("{}/{}", one.room, one.code), one.note, "", 1))
        .collect();
    figures.add(
        chapter,
        "rooms.shelves",
        Text::fixed("架柜", "shelves"),
        Text::fixed("个", "shelves"),
        shelves,
    );
    figures.add(
        chapter,
        "rooms.days-read",
        Text::fixed("温湿度测记", "days the climate was read"),
        days.clone(),
        read,
    );
    figures.add(
        chapter,
        "rooms.days-missing",
        Text::fixed("温湿度缺测", "days missing"),
        days.clone(),
        missing,
    );
    figures.add(
        chapter,
        "rooms.days-outside",
        Text::fixed("温湿度超标", "days outside the bounds"),
        days,
        outside,
    );
    let counts = repository
        .stocktakes()?
        .into_iter()
        .filter(|one| year_of_day(&one.day) == Some(year))
        .map(|one| Evidence::new(&one.number, &one.scope, &one.day, 1))
        .collect();
    figures.add(chapter, "rooms.counts", Text::fixed("库房清点", "counts"), times.clone(), counts);
    let moves = repository
        .moves(None)?
        .into_iter()
        .filter(|one| year_of_day(&one.moved) == Some(year))
        .map(|one| Evidence::new(&one.code, format!("{} → {}", one.from, one.to), day_of(&one.moved), 1))
        .collect();
    figures.add(chapter, "rooms.moves", Text::fixed("上架、移架", "shelved or moved"), times, moves);
    let people = repository
        .people()?
        .all()
        .iter()
        .filter(|one| one.since.year() <= year && one.left.is_none_or(|left| left.year() > year))
        .map(|one| {
            let roles: Vec<&str> = one.roles.iter().map(|role| role.name()).collect();
            Evidence::new(&one.name, roles.join(" "), one.since.to_string(), 1)
        })
        .collect();
    figures.add(
        chapter,
        "people",
        Text::fixed("档案工作人员", "people at work"),
        Text::fixed("人", "people"),
        people,
    );
    Ok(())
}
