//! The books of incoming and outgoing papers held against an archive: properties, awkward pairs, and size.

#![allow(clippy::unwrap_used, clippy::panic)] // a test that can't go on stops

use std::collections::BTreeSet;

use archive_core::model::{DraftState, Item, ItemId, Origin, Secrecy};
use archive_core::office_register::matching::{Matching, find};
use archive_core::office_register::{
    Account, BookEntry, Direction, Disposition, DispositionKind, EntryId, Standing, Verdict,
};
use archive_core::reading::{DocNumber, ItemDate};
use proptest::prelude::*;

fn item(id: u64, number: &str, body: &str, title: &str, date: &str) -> Item {
    let mut item = Item::new(ItemId(id), id.to_string());
    item.origin = Origin { register: "登记表.xlsx".into(), row: u32::try_from(id).unwrap() + 1 };
    item.number = (!number.is_empty()).then(|| DocNumber::read(number));
    item.bodies = archive_core::reading::bodies(body);
    item.title = title.into();
    item.date = ItemDate::read(date);
    item
}

fn entry(id: u64, number: &str, body: &str, title: &str, registered: &str) -> BookEntry {
    let mut entry = BookEntry::new(EntryId(id), Direction::Incoming, 2004, id.to_string());
    entry.number = (!number.is_empty()).then(|| DocNumber::read(number));
    entry.bodies = archive_core::reading::bodies(body);
    entry.title = title.into();
    entry.registered = ItemDate::read(registered);
    entry
}

/// The confidence of a pair, and whether it stands without a person; nothing where they aren't paired.
fn pair(line: &BookEntry, paper: &Item) -> Option<(u8, bool)> {
    let found = find(std::slice::from_ref(line), std::slice::from_ref(paper), &[]);
    found.matches.first().map(|one| (one.confidence, one.is_sure()))
}

const TITLE: &str = "县教育局关于要求追加2004年中小学危房改造经费预算的请示";

fn paper() -> Item {
    item(1, "临教〔2004〕21号", "县教育局", TITLE, "2004-05-17")
}

#[test]
fn what_a_clerk_may_write_of_a_paper_is_still_that_paper_for_sure() {
    for (number, body, title, date) in [
        ("临教〔2004〕21号", "县教育局", TITLE, "2004-05-17"),
        ("临教(2004)第21号", "教育局", "关于要求追加2004年中小学危房改造经费预算的请示", "2004-05-19"),
        ("临教［２００４］２１号", "", "要求追加２００４年中小学危房改造经费预算请示", "2004-05-19"),
        // The number one slip away: two digits turned, a digit wrong, the year before.
        ("临教〔2004〕12号", "县教育局", "关于要求追加2004年中小学危房改造经费预算的请示", "2004-05-19"),
        ("临教〔2004〕27号", "县教育局", "关于要求追加2004年中小学危房改造经费预算的请示", "2004-05-18"),
        ("临教〔2003〕21号", "县教育局", "关于要求追加2004年中小学危房改造经费预算的请示", "2004-05-18"),
        // Characters wrong in the title; the number holds it.
        ("临教〔2004〕21号", "县教育局", "关于要求追加2004年中小学危房改照经费予算的请示", "2004-05-18"),
        // No number at all.
        ("", "县教育局", "关于要求追加2004年中小学危房改造经费预算的请示", "2004-05-17"),
        ("", "县教育局", "关于要求追加2004年中小学危房改造经费预算的请示", "2004-05-25"),
        // A number and no title: the book of a busy day.
        ("临教〔2004〕21号", "", "", "2004-05-20"),
    ] {
        let found = pair(&entry(1, number, body, title, date), &paper());
        assert!(found.is_some_and(|(_, sure)| sure), "{number} {title} {date}: {found:?}");
    }
}

#[test]
fn what_is_only_likely_is_for_a_person() {
    for (number, body, title, date) in [
        ("", "", "要求追加中小学危房改造经费预算的请示", "2004-05-30"),
        ("临教〔2004〕21号", "县教育局", "关于中小学危房情况的请示", "2004-05-18"),
        ("临财〔2004〕80号", "", "关于要求追加2004年中小学危房改造经费预算的请示", "2004-05-17"),
    ] {
        let found = pair(&entry(1, number, body, title, date), &paper());
        assert!(found.is_some_and(|(_, sure)| !sure), "{number} {title} {date}: {found:?}");
    }
}

#[test]
fn another_paper_is_not_taken_for_it() {
    for (number, body, title, date) in [
        // The reply to it.
        ("临政函〔2004〕5号", "县政府", "关于追加2004年中小学危房改造经费预算的批复", "2004-06-08"),
        ("", "", "关于追加2004年中小学危房改造经费预算的批复", "2004-05-17"),
        // The same wording a year later, under its own number.
        ("临教〔2005〕33号", "县教育局", "关于要求追加2005年中小学危房改造经费预算的请示", "2005-05-17"),
        // Another office's request.
        ("", "县卫生局", "关于要求追加2004年乡镇卫生院改造经费预算的请示", "2004-05-17"),
        ("临教〔2004〕45号", "县教育局", "关于撤并白马乡后岭小学等教学点的请示", "2004-07-26"),
        ("", "", "请示", "2004-05-17"),
        ("", "", "", "2004-05-17"),
    ] {
        assert_eq!(pair(&entry(1, number, body, title, date), &paper()), None, "{number} {title}");
    }
}

#[test]
fn issues_of_a_bulletin_are_told_apart_by_their_number() {
    let issue = |id: u64, day: &str| {
        item(id, &format!("〔2004〕第{id}期"), "信息科", &format!("政务信息（第{id}期）"), day)
    };
    let items = [issue(3, "2004-03-01"), issue(4, "2004-03-15"), issue(5, "2004-03-30")];
    let lines = [
        entry(1, "〔2004〕第4期", "信息科", "政务信息第四期", "2004-03-16"),
        entry(2, "〔2004〕第5期", "信息科", "政务信息（第5期）", "2004-03-31"),
        entry(3, "〔2004〕第9期", "信息科", "政务信息（第9期）", "2004-06-01"),
    ];
    let found = find(&lines, &items, &[]);
    let pairs: Vec<(u64, u64)> = found.matches.iter().map(|one| (one.entry.0, one.item.0)).collect();
    assert_eq!(pairs, [(1, 4), (2, 5)], "{found:?}");
}

#[test]
fn the_print_is_preferred_to_its_draft() {
    let mut draft = paper();
    (draft.id, draft.state, draft.origin.row) = (ItemId(9), Some(DraftState::SignedDraft), 1);
    let line = entry(1, "临教〔2004〕21号", "县教育局", TITLE, "2004-05-18");
    let found = find(&[line], &[draft, paper()], &[]);
    assert_eq!(found.matches[0].item, ItemId(1));
    assert!(found.matches[0].is_sure(), "a draft beside it is no doubt: {found:?}");
}

#[test]
fn where_two_papers_fit_equally_a_person_chooses() {
    let items = [
        item(1, "", "县政府", "关于刘某等同志任职的通知", "2004-05-17"),
        item(2, "", "县政府", "关于李某等同志任职的通知", "2004-05-17"),
    ];
    let line = entry(1, "", "县政府", "关于某等同志任职的通知", "2004-05-17");
    let found = find(&[line], &items, &[]);
    assert!(found.matches.iter().all(|one| !one.is_sure()), "{found:?}");
}

#[test]
fn a_paper_registered_twice_is_found_once_and_the_second_line_said_to_repeat_it() {
    let lines = [
        entry(1, "临教〔2004〕21号", "县教育局", TITLE, "2004-05-18"),
        entry(2, "临教〔2004〕21号", "县教育局", TITLE, "2004-05-20"),
    ];
    let found = find(&lines, &[paper()], &[]);
    assert_eq!((found.matches.len(), found.repeats), (1, vec![(EntryId(2), EntryId(1))]));
}

#[test]
fn a_verdict_stands() {
    let line = entry(1, "", "", "要求追加中小学危房改造经费预算的请示", "2004-05-30");
    let items = [paper(), item(2, "临卫〔2004〕3号", "县卫生局", "关于禽流感防治的报告", "2004-02-01")];
    let said = |item, same| Verdict { entry: EntryId(1), item: ItemId(item), same };
    let lines = [line];
    assert!(find(&lines, &items, &[said(1, false)]).matches.is_empty());
    let confirmed = find(&lines, &items, &[said(1, true)]);
    assert!(confirmed.matches[0].is_sure() && confirmed.matches[0].is_confirmed());
    // Even against all appearance.
    assert_eq!(find(&lines, &items, &[said(2, true)]).matches[0].item, ItemId(2));
}

#[test]
fn a_classified_line_is_matched_by_number_and_day_and_never_missing() {
    let secret = || Secrecy::read("机密").unwrap();
    let mut placeholder = item(1, "中办发〔2004〕9号", "", "", "2004-03-09");
    placeholder.secrecy = secret();
    let mut lines = [
        entry(1, "中办发〔2004〕9号", "", "", "2004-03-11"),
        entry(2, "岭委〔2004〕2号", "", "", "2004-03-11"),
    ];
    for line in &mut lines {
        line.secrecy = secret();
    }
    let items = [placeholder];
    let account = Account::of(&lines, &items, &[]);
    let standings: Vec<Standing> = account.lines.iter().map(|line| line.standing).collect();
    assert_eq!(standings, [Standing::Archived, Standing::Apart]);
    assert_eq!((account.rate().due(), account.rate().percent()), (1, "100.0%".to_owned()));
}

#[test]
fn the_rate_counts_what_should_be_there() {
    let mut lines: Vec<BookEntry> = (1..=6)
        .map(|n| entry(n, &format!("临教〔2004〕{}号", n * 10), "县教育局", "", "2004-05-18"))
        .collect();
    let kinds =
        [(1, DispositionKind::Returned), (2, DispositionKind::Archived), (3, DispositionKind::Circulating)];
    for (at, kind) in kinds {
        lines[at].disposition = Some(Disposition::of(kind));
    }
    let items = [
        item(1, "临教〔2004〕10号", "县教育局", "甲", "2004-05-17"),
        item(5, "临教〔2004〕50号", "县教育局", "乙", "2004-05-17"),
    ];
    let rate = Account::of(&lines, &items, &[]).rate();
    assert_eq!((rate.registered, rate.excused, rate.due(), rate.archived, rate.missing), (6, 1, 5, 2, 3));
    assert_eq!(rate.percent(), "40.0%");
}

/// Papers as offices write them, few enough words that many are alike.
fn papers() -> impl Strategy<Value = Vec<Item>> {
    let number = prop_oneof![
        3 => ("(临政|临政办|临教)", 1_u32..60).prop_map(|(code, serial)| format!("{code}〔2004〕{serial}号")),
        1 => Just(String::new()),
    ];
    let title = (
        "(关于|县政府关于)",
        "(做好|加强|调整)",
        "(防汛|烟叶|教育|卫生)",
        "(工作|经费|机构)",
        "(的通知|的请示|的批复|的报告)",
    )
        .prop_map(|(a, b, c, d, e)| format!("{a}{b}2004年{c}{d}{e}"));
    let one = (number, "(县政府|县教育局|县水利局)", title, 1_u32..=28, 1_u32..=12);
    proptest::collection::vec(one, 0..40).prop_map(|papers| {
        let one = |(at, (number, body, title, day, month)): (u64, (String, String, String, u32, u32))| {
            item(at, &number, &body, &title, &format!("2004-{month:02}-{day:02}"))
        };
        (1_u64..).zip(papers).map(one).collect()
    })
}

/// The book that has exactly these papers.
fn book_of(items: &[Item]) -> Vec<BookEntry> {
    items
        .iter()
        .map(|item| {
            let mut entry =
                BookEntry::new(EntryId(item.id.0), Direction::Incoming, 2004, item.id.0.to_string());
            entry.number.clone_from(&item.number);
            entry.bodies.clone_from(&item.bodies);
            entry.title.clone_from(&item.title);
            entry.date = item.date.clone();
            entry
        })
        .collect()
}

fn pairs(matching: &Matching) -> BTreeSet<(EntryId, ItemId, u8)> {
    matching.matches.iter().map(|one| (one.entry, one.item, one.confidence)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_book_of_the_archive_s_own_papers_finds_them_all(items in papers()) {
        let book = book_of(&items);
        let found = find(&book, &items, &[]);
        prop_assert_eq!(found.matches.len(), items.len());
        for one in &found.matches {
            prop_assert!(one.is_sure(), "{:?}", one);
            // Papers that are the same in every respect may change places.
            let (line, paper) = (&book[usize::try_from(one.entry.0).unwrap() - 1], &items[usize::try_from(one.item.0).unwrap() - 1]);
            prop_assert!(line.number == paper.number || line.title == paper.title, "{:?}", one);
        }
    }

    #[test]
    fn pairs_are_one_to_one_and_do_not_depend_on_the_order(
        items in papers(),
        others in papers(),
        turn in 0_usize..40,
    ) {
        let book = book_of(&others);
        let found = find(&book, &items, &[]);
        let entries: BTreeSet<EntryId> = found.matches.iter().map(|one| one.entry).collect();
        let papers: BTreeSet<ItemId> = found.matches.iter().map(|one| one.item).collect();
        prop_assert_eq!(entries.len(), found.matches.len());
        prop_assert_eq!(papers.len(), found.matches.len());
        let (mut turned_book, mut turned_items) = (book.clone(), items.clone());
        turned_book.reverse();
        let by = turn.min(turned_items.len());
        turned_items.rotate_left(by);
        let turned = find(&turned_book, &turned_items, &[]);
        prop_assert_eq!(pairs(&found), pairs(&turned));
        prop_assert_eq!(found, turned);
    }

    #[test]
    fn no_pair_is_left_that_both_would_rather_have(items in papers(), others in papers()) {
        let book = book_of(&others);
        let found = find(&book, &items, &[]);
        let of_entry = |id| found.matches.iter().find(|one| one.entry == id).map_or(0, |one| one.confidence);
        let of_item = |id| found.matches.iter().find(|one| one.item == id).map_or(0, |one| one.confidence);
        for line in &book {
            for paper in &items {
                // Alone with each other, so that nothing else speaks.
                let Some((confidence, _)) = pair(line, paper) else { continue };
                // A doubt between equals takes a sure pair down to a likely one.
                prop_assert!(
                    confidence.min(89) <= of_entry(line.id).max(of_item(paper.id)),
                    "{:?} {:?} {confidence}", line, paper
                );
            }
        }
    }
}

#[test]
fn a_large_book_with_numbers_and_words_left_out_is_found_whole() {
    // How long a hundred thousand lines take is measured in `benches/examples/match_size.rs`.
    const SIZE: u64 = 2_000;
    let things = ["防汛", "烟叶", "教育", "卫生", "交通", "林业", "水利", "财政", "税费", "统计"];
    let verbs = ["做好", "加强", "调整", "下达", "表彰", "成立", "召开", "印发"];
    let kinds = ["通知", "请示", "批复", "报告"];
    let pick = |list: &[&'static str], n: u64| list[usize::try_from(n).unwrap() % list.len()];
    let title = |n: u64| {
        format!("关于{}第{}项{}工作的{}", pick(&verbs, n), n / 3, pick(&things, n / 7), pick(&kinds, n / 11))
    };
    let day = |n: u64| format!("2004-{:02}-{:02}", n % 12 + 1, n % 28 + 1);
    let items: Vec<Item> = (1..=SIZE)
        .map(|n| item(n, &format!("临{}〔2004〕{n}号", pick(&["政", "教", "水"], n)), "", &title(n), &day(n)))
        .collect();
    let mut book = book_of(&items);
    book.iter_mut().step_by(3).for_each(|line| line.number = None);
    book.iter_mut().step_by(5).for_each(|line| line.title = line.title.replace("工作的", "工作"));
    let found = find(&book, &items, &[]);
    assert_eq!(found.matches.len(), items.len());
    assert!(found.matches.iter().all(|one| one.entry.0 == one.item.0), "each line is its own paper");
}
