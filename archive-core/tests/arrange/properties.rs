//! What holds for any register, however odd: generated ones with random titles, dates and ties.

use std::collections::{BTreeMap, BTreeSet};

use archive_core::arrange::plan::Plan;
use archive_core::arrange::{Decisions, arrange, diff};
use archive_core::finding::Severity;
use archive_core::model::{
    Arrangement, DraftState, Institution, Item, ItemId, Origin, RetentionPeriod, Secrecy, SecrecyLevel, Side,
    StatedTie, TieKind, Why,
};
use archive_core::number::{TakenNumbers, number};
use archive_core::profile::Profile;
use archive_core::reading::{DocNumber, ItemDate};
use archive_core::rules::RuleId;
use proptest::prelude::*;

fn institution() -> Institution {
    Institution { name: "临溪县人民政府办公室".into(), fonds: "J019".into() }
}

fn profile() -> Profile {
    Profile::built_in("futian-2006").unwrap()
}

fn proposal(items: &[Item], decisions: &Decisions) -> Arrangement {
    arrange(items, &institution(), &profile(), decisions)
}

/// Titles as offices write them, and some as nobody should.
fn title() -> impl Strategy<Value = String> {
    let body =
        prop::sample::select(vec!["", "县水利局", "临溪县人民政府", "中共临溪县委", "江州市人民政府办公室"]);
    let subject = prop::sample::select(vec![
        "修复大坝",
        "解决防汛经费",
        "张某等同志任免",
        "2003年财政预算执行情况",
        "加强森林防火工作",
        "印发《节水办法》",
        "转发省文件",
        "2005—2008年公路建设",
        "设立小学",
        "",
    ]);
    let kind = prop::sample::select(vec![
        "请示",
        "批复",
        "通知",
        "函",
        "复函",
        "报告",
        "总结",
        "规划",
        "意见（草稿）",
        "办法（第二稿）",
        "简报第3期",
        "",
    ]);
    prop_oneof![
        8 => (body, subject, kind).prop_map(|(body, subject, kind)| format!("{body}关于{subject}的{kind}")),
        1 => prop::sample::select(vec!["附件：先进名单", "附件2", "", "通知", "ལྷ་ས།", "𠮷𠮷水", "Minutes of meeting", "《》（）"]).prop_map(str::to_owned),
        1 => "\\PC{0,40}",
    ]
}

fn date() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => (2003i32..2006, 1u32..13, 1u32..29).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}")),
        1 => (2003i32..2006, 1u32..13).prop_map(|(y, m)| format!("{y}年{m}月")),
        1 => prop::sample::select(vec!["", "不详", "1938-05-01", "2099-01-01", "昨天"]).prop_map(str::to_owned),
    ]
}

prop_compose! {
    fn item()(
        title in title(),
        date in date(),
        pages in prop::option::weighted(0.9, 1u32..60),
        body in prop::sample::select(vec!["县水利局", "临溪县人民政府", "中共临溪县委", "省交通厅", ""]),
        serial in prop::option::of(1u32..40),
        state in prop::option::weighted(0.2, prop::sample::select(vec![DraftState::SignedDraft, DraftState::Revision(2), DraftState::Copy])),
        question in prop::option::of(prop::sample::select(vec!["水利", "教育", "防火"])),
        matter in prop::option::weighted(0.1, prop::sample::select(vec!["全县水利会议", "李家山纠纷案", "常务会议"])),
        period in prop::option::of(prop::sample::select(vec![RetentionPeriod::Permanent, RetentionPeriod::LongTerm, RetentionPeriod::ShortTerm])),
        side in prop::option::weighted(0.2, prop::sample::select(vec![Side::Party, Side::Government])),
        secret in prop::bool::weighted(0.03),
    ) -> Item {
        let mut item = Item::new(ItemId(0), "");
        item.title = title;
        item.date = ItemDate::read(&date);
        item.pages = pages;
        item.bodies = if body.is_empty() { Vec::new() } else { vec![body.to_owned()] };
        item.number = serial.map(|serial| DocNumber::read(&format!("临政〔2004〕{serial}号")));
        item.state = state;
        item.question = question.map(str::to_owned);
        item.meeting_or_case = matter.map(str::to_owned);
        item.period = period;
        item.side = side;
        item.secrecy = Secrecy { level: if secret { SecrecyLevel::Secret } else { SecrecyLevel::None }, term: None };
        item
    }
}

/// A register of up to `most` items, with ties to any row, itself and rows that aren't there among them.
fn register(most: usize) -> impl Strategy<Value = Vec<Item>> {
    (
        prop::collection::vec(item(), 0..most),
        prop::collection::vec((0usize..most, 0usize..most + 2, 0usize..10), 0..most),
    )
        .prop_map(|(mut items, ties)| {
            for (at, item) in items.iter_mut().enumerate() {
                item.id = ItemId(at as u64 + 1);
                item.row = (at + 1).to_string();
                item.origin = Origin { register: "register.csv".into(), row: at as u32 + 2 };
            }
            for (from, to, kind) in ties {
                if let Some(item) = items.get_mut(from) {
                    item.ties.push(StatedTie { to_row: (to + 1).to_string(), kind: TieKind::ALL[kind] });
                }
            }
            items
        })
}

/// Where each item stands: its volume and place.
fn places(arrangement: &Arrangement) -> BTreeMap<ItemId, (usize, usize)> {
    let mut places = BTreeMap::new();
    for (v, volume) in arrangement.volumes.iter().enumerate() {
        for (p, entry) in volume.entries.iter().enumerate() {
            assert!(places.insert(entry.item, (v, p)).is_none(), "an item stands twice");
        }
    }
    places
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_the_input_changes_nothing(items in register(60), seed in any::<u64>()) {
        let one = proposal(&items, &Decisions::default());
        let mut shuffled = items.clone();
        let mut state = seed | 1;
        for at in (1..shuffled.len()).rev() {
            state ^= state << 13; state ^= state >> 7; state ^= state << 17;
            shuffled.swap(at, (state % (at as u64 + 1)) as usize);
        }
        prop_assert_eq!(one, proposal(&shuffled, &Decisions::default()));
    }

    #[test]
    fn every_item_is_in_one_volume_or_left_out_with_a_reason(items in register(80)) {
        let arrangement = proposal(&items, &Decisions::default());
        let mut seen: BTreeSet<ItemId> = places(&arrangement).into_keys().collect();
        for (item, _) in &arrangement.left_out {
            prop_assert!(seen.insert(*item), "left out and arranged");
        }
        prop_assert_eq!(seen.len(), items.len());
        for volume in &arrangement.volumes {
            prop_assert!(!volume.entries.is_empty());
            prop_assert!(volume.title.chars().count() <= profile().titles.max_chars);
        }
    }

    #[test]
    fn no_tie_is_cut_and_each_stands_the_right_way_round(items in register(80)) {
        let arrangement = proposal(&items, &Decisions::default());
        let places = places(&arrangement);
        for tie in &arrangement.ties {
            let (from, to) = (places[&tie.from], places[&tie.to]);
            prop_assert_eq!(from.0, to.0, "{:?} is cut", tie);
            // What came of a paper may stand before or behind it; all else stands behind what it is for.
            if tie.kind != TieKind::Outcome {
                prop_assert!(to.1 < from.1, "{:?} is the wrong way round", tie);
            }
        }
    }

    #[test]
    fn walls_are_kept_where_nobody_tied_across_them(items in register(60)) {
        let mut items = items;
        for item in &mut items {
            item.ties.clear();
        }
        let arrangement = proposal(&items, &Decisions::default());
        let tied: BTreeSet<ItemId> = arrangement.ties.iter().flat_map(|tie| [tie.from, tie.to]).collect();
        for volume in &arrangement.volumes {
            for entry in &volume.entries {
                let item = &items[entry.item.0 as usize - 1];
                if tied.contains(&entry.item) {
                    continue;
                }
                prop_assert!(item.side.is_none_or(|side| side == volume.side));
                prop_assert!(item.period.is_none_or(|period| period == volume.period));
            }
        }
    }

    #[test]
    fn circles_self_ties_and_ties_to_nothing_are_reported(count in 2usize..30) {
        let mut items: Vec<Item> = (0..count).map(|at| {
            let mut item = Item::new(ItemId(at as u64 + 1), (at + 1).to_string());
            item.title = format!("关于第{at}件事的通知");
            item.date = ItemDate::read("2004-05-01");
            item.ties = vec![StatedTie { to_row: ((at + 1) % count + 1).to_string(), kind: TieKind::Attachment }];
            item
        }).collect();
        items[0].ties.push(StatedTie { to_row: "1".into(), kind: TieKind::Attachment });
        items[0].ties.push(StatedTie { to_row: "9999".into(), kind: TieKind::Attachment });
        let arrangement = proposal(&items, &Decisions::default());
        let rules: Vec<RuleId> = arrangement.findings.iter().map(|finding| finding.rule).collect();
        prop_assert!(rules.contains(&RuleId::O7));
        prop_assert_eq!(rules.iter().filter(|rule| **rule == RuleId::I4).count(), 2);
        prop_assert_eq!(arrangement.volumes.len(), 1, "they still belong together");
    }

    #[test]
    fn numbers_have_no_gap_and_no_repeat_and_are_never_given_twice(items in register(80), gone in 0u32..5) {
        let mut taken = TakenNumbers::default();
        for volume_no in 1..=gone {
            taken.numbers.insert(archive_core::number::TakenNumber { catalogue_no: "2004".into(), volume_no });
        }
        let (numbered, findings) = number(proposal(&items, &Decisions::default()), &items, &institution(), &profile(), &taken);
        let mut runs: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for volume in &numbered.volumes {
            let given = volume.number.as_ref().unwrap();
            runs.entry(given.catalogue_no.clone()).or_default().push(given.volume_no);
            let items_no: Vec<u32> = volume.entries.iter().map(|entry| entry.item_no.unwrap()).collect();
            prop_assert_eq!(items_no, (1..=volume.entries.len() as u32).collect::<Vec<_>>());
            let mut next = 1;
            for (first, last) in volume.entries.iter().map_while(|entry| entry.pages) {
                prop_assert_eq!(first, next);
                prop_assert!(last >= first);
                next = last + 1;
            }
        }
        for (catalogue, given) in runs {
            let first = if catalogue == "2004" { gone + 1 } else { 1 };
            prop_assert_eq!(given.clone(), (first..first + given.len() as u32).collect::<Vec<_>>());
        }
        let unpaged = items.iter().filter(|item| item.pages.is_none() && item.secrecy.level == SecrecyLevel::None).count();
        prop_assert_eq!(findings.iter().filter(|finding| finding.severity == Severity::Error).count(), unpaged);
    }

    #[test]
    fn what_was_numbered_stays_when_late_items_come(items in register(60), late in register(20)) {
        let (first, _) = number(proposal(&items, &Decisions::default()), &items, &institution(), &profile(), &TakenNumbers::default());
        let mut decisions = Decisions::default();
        decisions.settle(&first);
        let mut taken = TakenNumbers::default();
        taken.take(&first);
        let mut all = items.clone();
        for (at, mut item) in late.into_iter().enumerate() {
            item.id = ItemId(10_000 + at as u64);
            item.row = format!("补{at}");
            item.ties.retain(|tie| tie.to_row.parse::<usize>().is_ok());
            all.push(item);
        }
        let (again, _) = number(proposal(&all, &decisions), &all, &institution(), &profile(), &taken);
        type Numbers = (String, Option<u32>, Option<(u32, u32)>);
        let before: BTreeMap<ItemId, Numbers> = first.volumes.iter().flat_map(|volume| {
            let code = volume.number.as_ref().unwrap().code.clone();
            volume.entries.iter().map(move |entry| (entry.item, (code.clone(), entry.item_no, entry.pages)))
        }).collect();
        for volume in &again.volumes {
            let code = volume.number.as_ref().unwrap().code.clone();
            for entry in &volume.entries {
                if let Some((old, item_no, pages)) = before.get(&entry.item) {
                    prop_assert_eq!(old, &code);
                    prop_assert_eq!(item_no, &entry.item_no);
                    prop_assert!(pages.is_none() || *pages == entry.pages);
                }
            }
        }
    }

    #[test]
    fn a_run_on_its_own_result_changes_nothing(items in register(60)) {
        let (first, _) = number(proposal(&items, &Decisions::default()), &items, &institution(), &profile(), &TakenNumbers::default());
        let mut decisions = Decisions::default();
        decisions.settle(&first);
        let again = proposal(&items, &decisions);
        prop_assert_eq!(diff(&first, &again), vec![]);
    }

    #[test]
    fn a_plan_applied_unchanged_decides_nothing(items in register(60)) {
        let decisions = Decisions::default();
        let arrangement = proposal(&items, &decisions);
        let plan = Plan::of(&arrangement, &items, &profile(), &decisions);
        let decided = plan.apply(&arrangement, &items, &profile(), &decisions).unwrap();
        prop_assert_eq!(&decided, &decisions);
        prop_assert_eq!(proposal(&items, &decided), arrangement);
    }

    #[test]
    fn what_a_plan_says_is_what_comes_out(items in register(40), moves in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..4)) {
        let mut items = items;
        for item in &mut items {
            item.ties.clear();
        }
        let decisions = Decisions::default();
        let arrangement = proposal(&items, &decisions);
        let mut plan = Plan::of(&arrangement, &items, &profile(), &decisions);
        prop_assume!(!plan.volumes.is_empty());
        for tie in &mut plan.ties {
            tie.verdict = archive_core::arrange::plan::Verdict::Refused;
        }
        for (item, volume) in &moves {
            let label = plan.volumes[volume.index(plan.volumes.len())].label.clone();
            let at = item.index(plan.contents.len());
            if !plan.contents[at].volume.is_empty() {
                plan.contents[at].volume = label;
                plan.contents[at].position = 0.5;
            }
        }
        let decided = plan.apply(&arrangement, &items, &profile(), &decisions).unwrap();
        let again = proposal(&items, &decided);
        let home = places(&again);
        // Those a person put into one volume stand in one volume.
        let mut by_label: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        let changed: BTreeSet<ItemId> = decided.volumes.iter().flat_map(|volume| volume.items.iter().copied()).collect();
        for entry in plan.contents.iter().filter(|entry| changed.contains(&entry.item)) {
            by_label.entry(entry.volume.as_str()).or_default().insert(home[&entry.item].0);
        }
        for (label, volumes) in by_label {
            prop_assert_eq!(volumes.len(), 1, "volume {} was scattered", label);
        }
    }
}

proptest! {
    // A whole office's year at once: few of them, because each is large.
    #![proptest_config(ProptestConfig { cases: 3, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn registers_of_some_thousand_items_keep_every_promise(mut items in register(3000), turn in 1usize..2000) {
        let one = proposal(&items, &Decisions::default());
        let places = places(&one);
        prop_assert_eq!(places.len() + one.left_out.len(), items.len());
        let volume_of: Vec<&archive_core::model::Volume> = one.volumes.iter().collect();
        for tie in &one.ties {
            let (from, to) = (places[&tie.from], places[&tie.to]);
            prop_assert_eq!(from.0, to.0, "{:?} is cut", tie);
            prop_assert!(tie.kind == TieKind::Outcome || to.1 < from.1, "{:?} is the wrong way round", tie);
        }
        for volume in volume_of {
            prop_assert!(!volume.entries.is_empty() && !volume.why.is_empty());
            prop_assert!(volume.entries.iter().all(|entry| entry.why.len() >= 4));
        }
        let (numbered, _) = number(one.clone(), &items, &institution(), &profile(), &TakenNumbers::default());
        let mut decisions = Decisions::default();
        decisions.settle(&numbered);
        prop_assert_eq!(diff(&numbered, &proposal(&items, &decisions)), vec![]);
        let turn = turn % items.len().max(1);
        items.rotate_left(turn);
        prop_assert_eq!(one, proposal(&items, &Decisions::default()));
    }
}

/// O6, O7, O8: what leads its group stands by its date among the others of its volume, and the undated last.
#[test]
fn groups_of_one_question_stand_by_the_date_of_their_heads() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut compared = 0;
    for _ in 0..60 {
        let items = register(120).new_tree(&mut runner).unwrap().current();
        let arrangement = proposal(&items, &Decisions::default());
        if arrangement.findings.iter().any(|finding| finding.rule == RuleId::O7) {
            continue; // groups whose ties contradict each other have no order of their own
        }
        let tied: BTreeSet<ItemId> = arrangement.ties.iter().flat_map(|tie| [tie.from, tie.to]).collect();
        for volume in &arrangement.volumes {
            let ranked = volume
                .entries
                .iter()
                .any(|entry| entry.why.iter().any(|why| matches!(why, Why::QuestionRank(_))));
            if ranked {
                continue;
            }
            let heads: Vec<(bool, String)> = volume
                .entries
                .iter()
                .filter(|entry| !tied.contains(&entry.item))
                .map(|entry| items[entry.item.0 as usize - 1].date.date())
                .map(|date| (date.is_none(), date.map_or(String::new(), |date| date.first_day().to_string())))
                .collect();
            compared += heads.len().saturating_sub(1);
            assert!(heads.is_sorted(), "{}: {heads:?}", volume.title);
        }
    }
    assert!(compared > 200, "only {compared} pairs were compared");
}

#[test]
fn scripts_of_every_kind_and_dates_of_every_time_are_arranged() {
    let titles = [
        "བོད་རང་སྐྱོང་ལྗོངས་ཀྱི་བརྡ་ཁྱབ།".to_owned(),
        "ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ ᠦᠨ ᠮᠡᠳᠡᠭᠳᠡᠯ".to_owned(),
        "ئۇيغۇرچە ئۇقتۇرۇش".to_owned(),
        "关于𠮷家𡒄修路的请示".to_owned(),
        "Minutes of the third meeting".to_owned(),
        String::new(),
        "\u{feff}\u{200b}　 ".to_owned(),
        "བོད".repeat(1700),
        "ᠮᠣᠩ".repeat(1700),
        "𠮷".repeat(5000),
    ];
    let dates =
        ["1912-02-12", "1938-05-01", "1644-06-18", "2004-05-01", "2099-01-01", "9999-12-31", "不详", ""];
    let mut items = Vec::new();
    for title in &titles {
        for date in dates {
            let mut item = Item::new(ItemId(items.len() as u64 + 1), (items.len() + 1).to_string());
            item.title.clone_from(title);
            item.date = ItemDate::read(date);
            item.pages = Some(1);
            items.push(item);
        }
    }
    let arrangement = proposal(&items, &Decisions::default());
    assert_eq!(places(&arrangement).len(), items.len());
    let years: BTreeSet<i32> = arrangement.volumes.iter().map(|volume| volume.year).collect();
    for year in [1644, 1912, 1938, 2004, 2099, 9999] {
        assert!(years.contains(&year), "{year} is not among {years:?}");
    }
    for volume in &arrangement.volumes {
        assert!(volume.title.chars().count() <= profile().titles.max_chars);
    }
}

#[test]
fn a_tie_given_twice_and_both_ways_is_reported_once_each() {
    let mut items: Vec<Item> = (1..=2u64)
        .map(|id| {
            let mut item = Item::new(ItemId(id), id.to_string());
            item.title = format!("关于第{id}件事的通知");
            item.date = ItemDate::read("2004-05-01");
            item
        })
        .collect();
    let tie = |to: &str| StatedTie { to_row: to.into(), kind: TieKind::Attachment };
    items[0].ties = vec![tie("2"), tie("2")];
    items[1].ties = vec![tie("1")];
    let arrangement = proposal(&items, &Decisions::default());
    let count = |rule| arrangement.findings.iter().filter(|finding| finding.rule == rule).count();
    assert_eq!((count(RuleId::I4), count(RuleId::O7)), (1, 1), "doubled, and a circle of two");
    assert_eq!(arrangement.volumes.len(), 1);
}

#[test]
fn a_hundred_thousand_items_in_one_thread_are_arranged() {
    let items: Vec<Item> = (0..100_000u64)
        .map(|at| {
            let mut item = Item::new(ItemId(at + 1), (at + 1).to_string());
            item.title = format!("材料{at}");
            item.date = ItemDate::read("2004-05-01");
            item.pages = Some(1);
            // A chain: each an attachment of the one before.
            if at > 0 {
                item.ties = vec![StatedTie { to_row: at.to_string(), kind: TieKind::Attachment }];
            }
            item
        })
        .collect();
    let arrangement = proposal(&items, &Decisions::default());
    assert_eq!(arrangement.volumes.len(), 1);
    let order: Vec<u64> = arrangement.volumes[0].entries.iter().map(|entry| entry.item.0).collect();
    assert_eq!(order, (1..=100_000).collect::<Vec<_>>());
    assert!(arrangement.findings.iter().any(|finding| finding.rule == RuleId::V5));
}

#[test]
fn titles_of_five_thousand_characters_don_t_hang() {
    let items: Vec<Item> = (0..200u64)
        .map(|at| {
            let mut item = Item::new(ItemId(at + 1), (at + 1).to_string());
            let kind = ["请示", "批复", "函", "复函", "通知"][at as usize % 5];
            item.title = format!("关于{}的{kind}", "防汛抗旱水利经费解决问题".repeat(420));
            item.date = ItemDate::read("2004-05-01");
            item
        })
        .collect();
    let arrangement = proposal(&items, &Decisions::default());
    assert_eq!(places(&arrangement).len(), 200);
}
