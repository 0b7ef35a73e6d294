//! Plans written, edited as a person would, and given back.

// clippy.toml allows these inside test functions; here the helpers around them are test code too.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::panic)]

use std::io::Cursor;
use std::path::Path;

use archive_catalogue::plan::{self, PlanError, PlanReading, Proposal};
use archive_catalogue::register;
use archive_core::arrange::{Decisions, arrange, diff};
use archive_core::finding::Severity;
use archive_core::model::{Arrangement, Institution, Item, ItemId, RetentionPeriod, VolumeNumber};
use archive_core::profile::Profile;
use archive_core::text::Lang;
use calamine::{Reader, Xlsx};
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;

/// An office with its items.
struct Office {
    items: Vec<Item>,
    institution: Institution,
    profile: Profile,
}

impl Office {
    fn of(csv: &str) -> Self {
        Self::with(register::read("register.csv", csv.as_bytes()).unwrap().items)
    }

    fn with(items: Vec<Item>) -> Self {
        Self {
            items,
            institution: Institution {
                name: "临溪县人民政府办公室".to_owned(), fonds: "J019".to_owned()
            },
            profile: Profile::built_in("futian-2006").unwrap(),
        }
    }

    fn small() -> Self {
        Self::of(
            "序号,文号,责任者,题名,日期,页数,党政,问题,保管期限,关联序号,关联关系\n\
             1,临政〔2004〕1号,临溪县人民政府,临溪县人民政府关于防汛工作的通知,2004-04-01,3,政,防汛,永久,,\n\
             2,临水〔2004〕2号,县水利局,县水利局关于防汛经费的请示,2004-04-02,2,政,防汛,永久,,\n\
             3,临政函〔2004〕3号,临溪县人民政府,临溪县人民政府关于防汛经费的批复,2004-04-09,1,政,防汛,永久,,\n\
             4,临政〔2004〕4号,临溪县人民政府,临溪县人民政府关于春耕生产的通知,2004-03-01,4,政,春耕,长期,,\n\
             5,临政〔2004〕5号,临溪县人民政府,临溪县人民政府关于春耕贷款的通知,2004-03-11,4,政,春耕,长期,,\n\
             6,,临溪县人民政府办公室,值班表,2004-05-01,1,政,值班,短期,,\n",
        )
    }

    fn arrange(&self, decisions: &Decisions) -> Arrangement {
        arrange(&self.items, &self.institution, &self.profile, decisions)
    }

    fn proposal<'a>(&'a self, decisions: &'a Decisions, arrangement: &'a Arrangement) -> Proposal<'a> {
        Proposal {
            items: &self.items,
            institution: &self.institution,
            profile: &self.profile,
            decisions,
            arrangement,
        }
    }
}

/// A workbook as a person sees it: sheets of text cells.
struct Book(Vec<(String, Vec<Vec<String>>)>);

impl Book {
    fn open(bytes: &[u8]) -> Self {
        let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
        let sheets = book.worksheets();
        Self(
            sheets
                .into_iter()
                .map(|(name, range)| {
                    (name, range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect())
                })
                .collect(),
        )
    }

    fn sheet(&mut self, name: &str) -> &mut Vec<Vec<String>> {
        &mut self.0.iter_mut().find(|(sheet, _)| sheet == name).unwrap().1
    }

    /// The cell under `header` in the first row whose cell under `by` is `key`.
    fn cell(&mut self, sheet: &str, [by, key]: [&str; 2], header: &str) -> &mut String {
        let rows = self.sheet(sheet);
        let at = |name: &str, head: &[String]| head.iter().position(|cell| cell == name).unwrap();
        let (by, at) = (at(by, &rows[0]), at(header, &rows[0]));
        let row = rows.iter().position(|row| row[by] == key).unwrap_or_else(|| panic!("no {key} in {sheet}"));
        &mut rows[row][at]
    }

    fn set(&mut self, sheet: &str, by: [&str; 2], header: &str, value: &str) {
        value.clone_into(self.cell(sheet, by, header));
    }

    fn save(&self) -> Vec<u8> {
        let mut book = Workbook::new();
        for (name, rows) in &self.0 {
            let sheet = book.add_worksheet().set_name(name).unwrap();
            for (row, cells) in (0..).zip(rows) {
                for (column, cell) in (0..).zip(cells) {
                    sheet.write_string(row, column, cell).unwrap();
                }
            }
        }
        book.save_to_buffer().unwrap()
    }
}

fn edited(office: &Office, edit: impl FnOnce(&mut Book)) -> PlanReading {
    let decisions = Decisions::default();
    let arrangement = office.arrange(&decisions);
    let proposal = office.proposal(&decisions, &arrangement);
    let mut book = Book::open(&plan::write(proposal, Lang::Zh).unwrap());
    edit(&mut book);
    plan::read("plan.xlsx", &book.save(), proposal).unwrap()
}

/// Volumes as their items' 序号.
fn rows(office: &Office, arrangement: &Arrangement) -> Vec<String> {
    let row =
        |id: ItemId| office.items.iter().find(|item| item.id == id).map_or("?", |item| item.row.as_str());
    arrangement
        .volumes
        .iter()
        .map(|volume| {
            let items: Vec<&str> = volume.entries.iter().map(|entry| row(entry.item)).collect();
            format!("{}{}{} {}", volume.year, volume.side.word(), volume.period, items.join(" "))
        })
        .collect()
}

/// What a plan changed, in words.
fn said(office: &Office, reading: &PlanReading) -> Vec<String> {
    let before = office.arrange(&Decisions::default());
    let after = &reading.result.as_ref().unwrap().1;
    let row = |id: ItemId| id.0.to_string();
    diff(&before, after).iter().map(|change| change.text(&before, after, &row).zh.into_owned()).collect()
}

fn errors(reading: &PlanReading) -> Vec<String> {
    assert!(reading.result.is_none());
    let of = |finding: &&archive_core::finding::Finding| finding.severity == Severity::Error;
    reading
        .findings
        .iter()
        .filter(of)
        .map(|f| format!("{} {}", f.place.file.as_deref().unwrap_or_default(), f.message.zh))
        .collect()
}

#[test]
fn a_plan_given_back_unchanged_changes_nothing() {
    let office = Office::small();
    let reading = edited(&office, |_| {});
    assert!(reading.findings.is_empty(), "{:?}", reading.findings);
    assert_eq!(reading.result, Some((Decisions::default(), office.arrange(&Decisions::default()))));
}

#[test]
fn the_small_office_is_arranged_as_the_other_tests_expect() {
    let office = Office::small();
    assert_eq!(
        rows(&office, &office.arrange(&Decisions::default())),
        ["2004政永久 1 3 2", "2004政长期 4 5", "2004政短期 6"]
    );
}

#[test]
fn an_item_moved_takes_the_period_of_its_new_volume_and_stays_there() {
    let office = Office::small();
    let reading = edited(&office, |book| {
        book.set("卷内文件", ["序号", "6"], "卷标", "2");
        book.set("卷内文件", ["序号", "6"], "位次", "1.5");
        book.set("卷内文件", ["序号", "6"], "改动理由", "春耕值班");
    });
    assert!(said(&office, &reading).iter().any(|said| said.starts_with("序号 6 由")));
    let (decisions, arrangement) = reading.result.unwrap();
    let decided = &decisions.periods[&ItemId(6)];
    assert_eq!((decided.value, decided.reason.as_str()), (RetentionPeriod::LongTerm, "春耕值班"));
    let expected = ["2004政永久 1 3 2", "2004政长期 4 6 5"];
    assert_eq!(rows(&office, &arrangement), expected);
    assert_eq!(rows(&office, &office.arrange(&decisions)), expected);
    // The untouched volume is still the program's.
    assert_eq!(decisions.volumes.len(), 1);
}

#[test]
fn a_new_volume_a_changed_title_and_an_item_left_out_are_taken() {
    let office = Office::small();
    let reading = edited(&office, |book| {
        let width = book.sheet("案卷")[0].len();
        let mut line = vec![String::new(); width];
        for (at, cell) in
            ["九", "2004", "政", "短期", "", "临溪县人民政府关于春耕贷款的通知"].into_iter().enumerate()
        {
            cell.clone_into(&mut line[at]);
        }
        book.sheet("案卷").push(line);
        book.set("卷内文件", ["序号", "5"], "卷标", "九");
        book.set("卷内文件", ["序号", "6"], "卷标", "");
        book.set("卷内文件", ["序号", "6"], "改动理由", "无保存价值");
        book.set("案卷", ["卷标", "1"], "案卷题名", "防汛");
        book.set("卷内文件", ["序号", "1"], "题名", "[防汛通知]");
    });
    let (decisions, arrangement) = reading.result.unwrap();
    assert_eq!(rows(&office, &arrangement), ["2004政永久 1 3 2", "2004政长期 4", "2004政短期 5"]);
    assert_eq!(arrangement.volumes[0].title, "防汛");
    assert_eq!(arrangement.volumes[0].entries[0].title, "[防汛通知]");
    assert_eq!(decisions.left_out[&ItemId(6)], "无保存价值");
    // Out again: the reason stands beside it, and it can be taken back in.
    let proposal = office.proposal(&decisions, &arrangement);
    let mut book = Book::open(&plan::write(proposal, Lang::Zh).unwrap());
    assert_eq!(book.cell("卷内文件", ["序号", "6"], "改动理由"), "无保存价值");
    book.set("卷内文件", ["序号", "6"], "卷标", "3");
    let (decisions, arrangement) = plan::read("plan.xlsx", &book.save(), proposal).unwrap().result.unwrap();
    assert!(decisions.left_out.is_empty());
    assert_eq!(rows(&office, &arrangement), ["2004政永久 1 3 2", "2004政长期 4", "2004政短期 5 6"]);
}

#[test]
fn a_whole_volume_changes_its_period_and_a_confirmed_one_is_settled() {
    let office = Office::small();
    let reading = edited(&office, |book| {
        book.set("案卷", ["卷标", "2"], "保管期限", "永久");
        book.set("案卷", ["卷标", "3"], "确认", "是");
    });
    let (decisions, arrangement) = reading.result.unwrap();
    assert_eq!(decisions.periods[&ItemId(4)].value, RetentionPeriod::Permanent);
    assert_eq!(decisions.periods[&ItemId(6)].value, RetentionPeriod::ShortTerm);
    assert_eq!(arrangement, office.arrange(&decisions));
    // Written again and given back, it is as it was.
    let proposal = office.proposal(&decisions, &arrangement);
    let bytes = plan::write(proposal, Lang::En).unwrap();
    let again = plan::read("plan.xlsx", &bytes, proposal).unwrap();
    assert_eq!(again.result, Some((decisions.clone(), arrangement.clone())));
    let mut book = Book::open(&bytes);
    assert_eq!(book.cell("案卷", ["卷标", "3"], "确认"), "是");
}

#[test]
fn ties_are_refused_and_added() {
    let office = Office::small();
    let reading = edited(&office, |book| {
        assert_eq!(book.sheet("关联").len(), 2, "{:?}", book.sheet("关联"));
        book.set("关联", ["序号", "2"], "决定", "否");
        let line = ["5", "", "附件", "4", "", "", "", "同意", "", ""].map(str::to_owned).to_vec();
        book.sheet("关联").push(line);
    });
    let (decisions, arrangement) = reading.result.unwrap();
    assert_eq!((decisions.refused_ties.len(), decisions.confirmed_ties.len()), (1, 1));
    // The program thinks again: what rested on the tie isn't kept.
    assert!(decisions.volumes.is_empty());
    let proposal = office.proposal(&decisions, &arrangement);
    let mut book = Book::open(&plan::write(proposal, Lang::Zh).unwrap());
    assert_eq!(book.cell("关联", ["序号", "2"], "决定"), "否");
    book.set("关联", ["序号", "2"], "决定", "");
    let (decisions, _) = plan::read("plan.xlsx", &book.save(), proposal).unwrap().result.unwrap();
    assert!(decisions.refused_ties.is_empty());
}

#[test]
fn every_mistake_is_named_at_once_and_nothing_is_applied() {
    let office = Office::small();
    let reading = edited(&office, |book| {
        book.set("案卷", ["卷标", "1"], "年度", "去年");
        book.set("案卷", ["卷标", "2"], "保管期限", "很久");
        book.set("案卷", ["卷标", "3"], "党政", "军");
        book.set("卷内文件", ["序号", "4"], "卷标", "77");
        book.set("卷内文件", ["序号", "5"], "位次", "前面");
        let twice = book.sheet("卷内文件")[1].clone();
        book.sheet("卷内文件").push(twice);
        book.sheet("卷内文件").retain(|row| row[2] != "6");
        book.set("关联", ["序号", "2"], "决定", "也许");
    });
    assert_eq!(
        errors(&reading),
        [
            "[plan.xlsx]关联 H2 「也许」不知何意",
            "[plan.xlsx]卷内文件 缺序号 6",
            "[plan.xlsx]卷内文件 A5 没有卷标 77",
            "[plan.xlsx]卷内文件 B6 「前面」不是位次",
            "[plan.xlsx]卷内文件 C7 序号 1 出现两次",
            "[plan.xlsx]案卷 B2 「去年」不是年度",
            "[plan.xlsx]案卷 D3 「很久」不是保管期限",
            "[plan.xlsx]案卷 C4 「军」不是党政",
        ]
    );
}

#[test]
fn tied_items_are_not_parted_unless_the_tie_is_refused() {
    let office = Office::small();
    let part = |book: &mut Book| book.set("卷内文件", ["序号", "2"], "卷标", "2");
    let reading = edited(&office, part);
    assert_eq!(errors(&reading).len(), 1, "{:?}", reading.findings);
    let reading = edited(&office, |book| {
        part(book);
        book.set("关联", ["序号", "2"], "决定", "否");
    });
    let (_, arrangement) = reading.result.unwrap();
    assert_eq!(rows(&office, &arrangement), ["2004政永久 1 3", "2004政长期 4 5 2", "2004政短期 6"]);
}

#[test]
fn catalogued_volumes_stay() {
    let office = Office::small();
    let mut arrangement = office.arrange(&Decisions::default());
    arrangement.volumes[0].number =
        Some(VolumeNumber { catalogue_no: "1".to_owned(), volume_no: 1, code: "J019-1-1".to_owned() });
    let mut decisions = Decisions::default();
    decisions.settle(&arrangement);
    let arrangement = office.arrange(&decisions);
    let proposal = office.proposal(&decisions, &arrangement);
    let bytes = plan::write(proposal, Lang::Zh).unwrap();
    let unchanged = plan::read("plan.xlsx", &bytes, proposal).unwrap();
    assert_eq!(unchanged.result, Some((decisions.clone(), arrangement.clone())));
    let mut book = Book::open(&bytes);
    book.set("卷内文件", ["序号", "1"], "卷标", "2");
    let reading = plan::read("plan.xlsx", &book.save(), proposal).unwrap();
    assert_eq!(errors(&reading), ["[plan.xlsx]案卷 A2 案卷 J019-1-1 已编号，不能改动"]);
}

#[test]
fn items_that_came_after_the_plan_are_arranged_beside_it() {
    let office = Office::small();
    let decisions = Decisions::default();
    let arrangement = office.arrange(&decisions);
    let bytes = plan::write(office.proposal(&decisions, &arrangement), Lang::Zh).unwrap();
    let mut book = Book::open(&bytes);
    book.set("案卷", ["卷标", "1"], "案卷题名", "防汛");
    let mut later = Office::small();
    let mut item = Item::new(ItemId(99), "99");
    "临溪县人民政府关于防汛值班的通知".clone_into(&mut item.title);
    item.date = archive_core::reading::ItemDate::read("2004-06-01");
    item.question = Some("防汛".to_owned());
    later.items.push(item);
    let now = later.arrange(&decisions);
    let reading = plan::read("plan.xlsx", &book.save(), later.proposal(&decisions, &now)).unwrap();
    let (_, arrangement) = reading.result.unwrap();
    assert_eq!(arrangement.volumes.iter().map(|volume| volume.entries.len()).sum::<usize>(), 7);
    assert!(arrangement.volumes.iter().any(|volume| volume.title == "防汛" && volume.entries.len() == 3));
    // What changed under the plan is not guessed at.
    let mut other = Office::small();
    other.items[5].question = Some("春耕".to_owned());
    other.items[5].period = Some(RetentionPeriod::LongTerm);
    let now = other.arrange(&decisions);
    let reading = plan::read("plan.xlsx", &book.save(), other.proposal(&decisions, &now)).unwrap();
    assert_eq!(errors(&reading).len(), 1);
}

#[test]
fn what_is_no_plan_is_said_to_be_none() {
    let office = Office::small();
    let decisions = Decisions::default();
    let arrangement = office.arrange(&decisions);
    let proposal = office.proposal(&decisions, &arrangement);
    let read = |bytes: &[u8]| plan::read("plan.xlsx", bytes, proposal).unwrap_err();
    assert!(matches!(read(b""), PlanError::Workbook(_)));
    assert!(matches!(read(b"\xff\xd8\xff\xe0"), PlanError::Workbook(_)));
    assert_eq!(read("卷标,年度\n1,2004\n".as_bytes()), PlanError::NoSheet("案卷"));
    let mut book = Book::open(&plan::write(proposal, Lang::Zh).unwrap());
    book.set("案卷", ["卷标", "卷标"], "案卷题名", "名");
    assert_eq!(read(&book.save()), PlanError::NoColumn { sheet: "案卷", columns: vec!["案卷题名"] });
}

#[test]
fn the_same_proposal_gives_the_same_bytes() {
    let office = Office::small();
    let decisions = Decisions::default();
    let arrangement = office.arrange(&decisions);
    let write = || plan::write(office.proposal(&decisions, &arrangement), Lang::Zh).unwrap();
    assert_eq!(write(), write());
}

#[test]
fn the_county_s_plan_goes_out_and_comes_back() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/county-2004/register.xlsx");
    let office = Office::with(register::read("register.xlsx", &std::fs::read(path).unwrap()).unwrap().items);
    let decisions = Decisions::default();
    let arrangement = office.arrange(&decisions);
    let proposal = office.proposal(&decisions, &arrangement);
    let bytes = plan::write(proposal, Lang::Zh).unwrap();
    if let Some(folder) = std::env::var_os("KEEP_PLAN") {
        std::fs::write(Path::new(&folder).join("plan.xlsx"), &bytes).unwrap();
    }
    let reading = plan::read("plan.xlsx", &bytes, proposal).unwrap();
    assert!(reading.findings.is_empty(), "{reading:?}");
    assert_eq!(reading.result, Some((decisions.clone(), arrangement.clone())));
    // One item moved, and everything else as the person saw it.
    let mut book = Book::open(&bytes);
    let (from, to) = (&arrangement.volumes[4], &arrangement.volumes[5]);
    let row = office.items.iter().find(|item| item.id == from.entries[0].item).unwrap().row.clone();
    book.set("卷内文件", ["序号", &row], "卷标", "6");
    let reading = plan::read("plan.xlsx", &book.save(), proposal).unwrap();
    let (decided, result) = reading.result.unwrap_or_else(|| panic!("{:?}", reading.findings));
    let sets = |arrangement: &Arrangement| {
        let mut sets: Vec<Vec<ItemId>> = arrangement
            .volumes
            .iter()
            .map(|volume| volume.entries.iter().map(|entry| entry.item).collect())
            .collect();
        sets.sort();
        sets
    };
    let mut expected = arrangement.clone();
    let moved = expected.volumes[4].entries.remove(0);
    expected.volumes[5].entries.insert(0, moved);
    expected.volumes.retain(|volume| !volume.entries.is_empty());
    let (mut got, mut want) = (sets(&result), sets(&expected));
    // Of two with 位次 1 the one whose line stands first is first.
    for set in got.iter_mut().chain(&mut want) {
        set.sort();
    }
    got.sort();
    want.sort();
    assert_eq!(got, want);
    println!(
        "{} of {} volumes decided; {} to {}",
        decided.volumes.len(),
        result.volumes.len(),
        from.title,
        to.title
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever a person does with 卷 and 位次, the result is what the workbook shows.
    #[test]
    fn the_result_of_a_plan_is_the_plan(moves in proptest::collection::vec((1_usize..7, 1_usize..4, 1_u32..9), 0..6)) {
        let office = Office::small();
        let mut expected: Vec<Vec<String>> = Vec::new();
        let reading = edited(&office, |book| {
            for (row, volume, position) in &moves {
                book.set("卷内文件", ["序号", &row.to_string()], "卷标", &volume.to_string());
                book.set("卷内文件", ["序号", &row.to_string()], "位次", &position.to_string());
            }
            for volume in 1..4 {
                let mut lines: Vec<(f64, String)> = book.sheet("卷内文件")[1..]
                    .iter()
                    .filter(|row| row[0] == volume.to_string())
                    .map(|row| (row[1].parse().unwrap(), row[2].clone()))
                    .collect();
                lines.sort_by(|a, b| a.0.total_cmp(&b.0));
                expected.push(lines.into_iter().map(|(_, row)| row).collect());
            }
        });
        expected.retain(|volume| !volume.is_empty());
        let Some((decisions, arrangement)) = reading.result else {
            // Only parting the request from its reply is refused.
            prop_assert!(errors(&reading).iter().all(|said| said.contains("却分在两卷")), "{:?}", reading.findings);
            return Ok(());
        };
        let result = rows(&office, &arrangement);
        let mut got: Vec<Vec<String>> = result
            .iter()
            .map(|line| line.split(' ').skip(1).map(str::to_owned).collect())
            .collect();
        got.sort();
        expected.sort();
        prop_assert_eq!(got, expected);
        // And it stays so.
        prop_assert_eq!(rows(&office, &office.arrange(&decisions)), result);
    }
}
