//! Searching as an office does: what is found, by whom, and what is said when a query is wrong.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // a test may fail loudly

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use archive_core::access::Asker;
use archive_core::model::{ItemId, OpeningState, RetentionPeriod, SecrecyLevel};
use archive_core::reading::{DocNumber, RecordDate};
use archive_index::search::{
    Facet, Index, IndexError, PageText, Put, Record, Search, SearchResult, Sort, Stamp,
};
use proptest::prelude::*;

fn record(id: u64, title: &str, pages: &[&str]) -> Record {
    let mut record = Record::new(ItemId(id), format!("J019-2004·Y-001-{id:03}"), title);
    record.opening = OpeningState::Open;
    record.year = Some(2004);
    record.pages = (1..).zip(pages).map(|(page, text)| PageText { page, text: (*text).to_owned() }).collect();
    record
}

fn flood() -> Record {
    let mut record = record(
        1,
        "建阳市人民政府办公室关于做好2005年防汛抗旱工作的通知",
        &[
            "各乡镇人民政府，市直各单位：\n　　为切实做好防汛 抗\n旱工作，现将有关事项通知如下。",
            "水库大坝险情，由马中华负责。",
        ],
    );
    record.number = Some(DocNumber::read("建政办〔2005〕16号"));
    record.bodies = vec!["建阳市人民政府办公室".into()];
    record.date = RecordDate::day(2005, 5, 16);
    record.period = Some(RetentionPeriod::Permanent);
    record
}

fn budget() -> Record {
    let mut record = record(
        2,
        "关于2004年财政预算执行情况的报告",
        &["全县財政收入一亿二千万元，二OO四年防汛支出116万元。", "抗旱支出不在此列。"],
    );
    record.number = Some(DocNumber::read("建财〔2004〕116号"));
    record.date = RecordDate::month(2004, 12);
    record.period = Some(RetentionPeriod::LongTerm);
    record
}

fn index_of(records: &[Record]) -> (tempfile::TempDir, Index) {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open_or_create(&dir.path().join("index")).unwrap();
    let mut writer = index.writer().unwrap();
    for record in records {
        writer.put(record, Stamp::of(record)).unwrap();
    }
    writer.finish().unwrap();
    (dir, index)
}

fn ask(index: &Index, asker: Asker, query: &str) -> SearchResult {
    let search = Search::new(asker, query).unwrap_or_else(|error| panic!("{query}: {error}"));
    index.search(&search.limit(100)).unwrap()
}

/// The hits as record:page, `-` for a card.
fn places(result: &SearchResult) -> String {
    let place = |hit: &archive_index::search::Hit| {
        format!("{}:{}", hit.id.0, hit.page.map_or("-".to_owned(), |page| page.to_string()))
    };
    result.hits.iter().map(place).collect::<Vec<_>>().join(" ")
}

#[test]
fn words_are_found_where_they_stand() {
    let (_dir, index) = index_of(&[flood(), budget()]);
    for (query, expected) in [
        ("防汛抗旱", "1:- 1:1"),
        ("大坝", "1:2"),
        ("马中华", "1:2"),
        ("财政收入", "2:1"),
        ("財政收入", "2:1"),
        ("2004年防汛", "2:1"),
        ("二〇〇四年", "2:- 2:1"),
        ("坝", "1:2"),
        ("元", "2:1"),
        ("16", "1:- 2:- 2:1"),
        ("水库 AND 防汛", "1:2"),
        ("抗旱 NOT 支出", "1:- 1:1"),
        ("大坝 OR 财政收入", "1:2 2:1"),
        ("防汛 NOT 防汛抗旱工作 NOT 不存在的词", "2:1"),
        ("题名:通知 大坝", "1:2"),
        ("题名:报告", "2:-"),
        ("责任者:人民政府", "1:-"),
        ("\"抗旱 支出\"", "2:2"),
        ("大坝?情", "1:2"),
        ("财政*支出", "2:1"),
        ("年度:2004 大坝", "1:2"),
        ("日期:2005-05 防汛抗旱", "1:- 1:1"),
        ("日期:2004-12-31 防汛", "2:1"),
        ("期限:长期 防汛", "2:1"),
        ("不存在的词", ""),
    ] {
        let found = ask(&index, Asker::Public, query);
        let mut got: Vec<&str> = Vec::new();
        let shown = places(&found);
        got.extend(shown.split_whitespace());
        got.sort_unstable();
        let mut wanted: Vec<&str> = expected.split_whitespace().collect();
        wanted.sort_unstable();
        assert_eq!(got, wanted, "{query}");
        assert_eq!(found.total, found.hits.len(), "{query}");
        assert_eq!(found.records, found.hits.iter().map(|hit| hit.id).collect::<BTreeSet<_>>().len());
    }
}

#[test]
fn a_document_number_is_found_in_any_spelling_and_stands_first() {
    let mut mention = record(3, "关于落实的报告", &["根据建政办〔2005〕16号文件要求，2005年16号台风。"]);
    mention.number = None;
    let (_dir, index) = index_of(&[budget(), mention, flood()]);
    for query in [
        "建政办〔2005〕16号",
        "建政办[2005]16号",
        "建政办（2005）16号",
        "建政办(2005)16号",
        "建政办【２００５】16号",
        "建政办 16号",
        "建政办 2005 16",
        "建政办2005-16",
        "2005年16号",
        "建政办16号文",
        "文号:建政办〔2005〕16号",
        "建政办〔二〇〇五〕十六号",
        "建阳市人民政府办公室16号文",
        "建阳市人民政府办公室2005年16号",
    ] {
        let found = ask(&index, Asker::Public, query);
        assert_eq!(found.hits.first().map(|hit| hit.id.0), Some(1), "{query}: {}", places(&found));
        assert!(!found.hits.iter().any(|hit| hit.id.0 == 2), "{query}: {}", places(&found));
    }
}

#[test]
fn a_page_that_cites_a_number_is_found_by_any_spelling_of_it() {
    let citing =
        record(3, "关于落实的报告", &["根据《通知》（建政办[2005]16号）要求", "按建财〔2004〕116号办理"]);
    let (_dir, index) = index_of(&[citing, flood()]);
    for query in ["建政办 16号", "2005年16号", "建政办 2005 16", "正文:建政办2005年16号"] {
        let found = ask(&index, Asker::Public, query);
        assert!(places(&found).split(' ').any(|place| place == "3:1"), "{query}: {}", places(&found));
        assert!(!places(&found).contains("3:2"), "{query}: {}", places(&found));
    }
    assert_eq!(places(&ask(&index, Asker::Public, "\"建政办 16号\" 通知")), "1:- 1:1 3:1");
}

#[test]
fn a_text_with_a_space_between_all_characters_is_found_as_one_without() {
    let plain = "办公室2005年5月16日发出第128号E-mail，GB/T 9704";
    let wide: String = plain.chars().flat_map(|ch| [ch, ' ']).collect();
    let (_dir, index) = index_of(&[record(7, "报告", &[&wide])]);
    for query in ["2005年", "2005", "005", "16日", "128号", "mail", "9704", "2 0 0 5 年", "5月16"] {
        let found = ask(&index, Asker::Public, query);
        assert_eq!(places(&found), "7:1", "{query}");
    }
}

#[test]
fn what_recognition_misread_is_found_apart_when_it_is_asked_for() {
    let misread = record(4, "会议记录", &["会上强调防汎抗旱是大事，防汛第一。"]);
    let mut closed = record(5, "密报", &["防汎抗旱"]);
    closed.opening = OpeningState::Controlled;
    let (_dir, index) = index_of(&[flood(), misread, closed]);
    let search = Search::new(Asker::Public, "防汛抗旱").unwrap();
    assert_eq!(index.search(&search).unwrap().near, []);
    let result = index.search(&search.near(10)).unwrap();
    assert_eq!(places(&result), "1:- 1:1");
    let near: Vec<_> = result.near.iter().map(|hit| (hit.id.0, hit.snippet.marked("[", "]"))).collect();
    assert_eq!(near, [(4, "会上强调[防汎抗旱]是大事，防汛第一。".to_owned())]);
    let staff = index.search(&Search::new(Asker::Staff, "防汛抗旱").unwrap().near(10)).unwrap();
    assert_eq!(staff.near.len(), 2);
}

#[test]
fn a_title_counts_more_than_a_text() {
    let many = record(7, "关于会议的通知", &["防汛防汛防汛防汛"]);
    let (_dir, index) = index_of(&[many, record(9, "防汛工作总结", &["会议"])]);
    assert_eq!(places(&ask(&index, Asker::Public, "防汛")), "9:- 7:1");
}

#[test]
fn hits_come_in_the_order_that_is_asked_for() {
    let (_dir, index) = index_of(&[flood(), budget()]);
    let by = |sort| {
        let search = Search::new(Asker::Public, "防汛").unwrap().sort(sort);
        places(&index.search(&search).unwrap())
    };
    assert_eq!(by(Sort::DateOldest), "2:1 1:- 1:1");
    assert_eq!(by(Sort::DateNewest), "1:- 1:1 2:1");
    assert_eq!(by(Sort::Code), "1:- 1:1 2:1");
    let second = Search::new(Asker::Public, "防汛").unwrap().sort(Sort::Code).skip(1).limit(1);
    let result = index.search(&second).unwrap();
    assert_eq!((places(&result).as_str(), result.total, result.records), ("1:1", 3, 2));
}

#[test]
fn facets_add_up_to_the_records_that_are_found() {
    let mut closed = record(3, "防汛预案", &["防汛"]);
    closed.opening = OpeningState::Controlled;
    closed.year = Some(1999);
    let (_dir, index) = index_of(&[flood(), budget(), closed]);
    let spread = |asker| {
        let result = index.search(&Search::new(asker, "防汛").unwrap().facets().limit(1)).unwrap();
        let shown = |facet: &Facet| format!("{:?} {:?}", facet.field, facet.values);
        result.facets.iter().map(shown).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(
        spread(Asker::Public),
        "Year [(\"2004\", 2)]; Period [(\"永久\", 1), (\"长期\", 1)]; Opening [(\"开放\", 2)]; Body [(\"建阳市人民政府办公室\", 1)]"
    );
    assert!(spread(Asker::Staff).starts_with("Year [(\"1999\", 1), (\"2004\", 2)]"));
}

#[test]
fn what_is_closed_is_found_by_staff_only_and_what_is_secret_by_nobody() {
    let mut closed = budget();
    closed.opening = OpeningState::Controlled;
    let mut secret = record(3, "防汛预案", &["防汛"]);
    secret.secrecy = SecrecyLevel::Secret;
    let (_dir, index) = index_of(&[flood(), closed, secret]);
    assert_eq!(places(&ask(&index, Asker::Public, "防汛")), "1:- 1:1");
    assert_eq!(ask(&index, Asker::Staff, "防汛").records, 2);
    assert_eq!(ask(&index, Asker::Public, "财政").total, 0);
    assert_eq!(ask(&index, Asker::Public, "建财〔2004〕116号").total, 0);
}

#[test]
fn a_record_put_again_replaces_what_was_there_and_one_unchanged_is_left_alone() {
    let (_dir, index) = index_of(&[flood(), budget()]);
    let mut writer = index.writer().unwrap();
    assert_eq!(writer.put(&flood(), Stamp::of(&flood())).unwrap(), Put::Unchanged);
    let mut changed = flood();
    changed.pages.truncate(1);
    assert_eq!(writer.put(&changed, Stamp::of(&changed)).unwrap(), Put::Indexed);
    assert_eq!(ask(&index, Asker::Public, "大坝").total, 1, "nothing is seen before the commit");
    writer.commit().unwrap();
    assert_eq!(ask(&index, Asker::Public, "大坝").total, 0);
    assert_eq!(writer.keep_only(&BTreeSet::from([ItemId(2)])).unwrap(), 1);
    writer.finish().unwrap();
    assert_eq!(ask(&index, Asker::Public, "防汛").records, 1);
}

#[test]
fn what_another_program_writes_is_found_by_the_next_search() {
    let (dir, index) = index_of(&[flood()]);
    assert_eq!(places(&ask(&index, Asker::Staff, "财政收入")), "");
    let another = Index::open(&dir.path().join("index")).unwrap();
    for closed in [false, true] {
        let mut record = budget();
        if closed {
            record.opening = OpeningState::Controlled;
        }
        let mut writer = another.writer().unwrap();
        writer.put(&record, Stamp::of(&record)).unwrap();
        writer.finish().unwrap();
        assert_eq!(places(&ask(&index, Asker::Staff, "财政收入")), "2:1");
        assert_eq!(ask(&index, Asker::Public, "财政收入").total, usize::from(!closed));
    }
    let mut writer = another.writer().unwrap();
    assert_eq!(writer.keep_only(&BTreeSet::from([ItemId(1)])).unwrap(), 1);
    writer.finish().unwrap();
    assert_eq!(places(&ask(&index, Asker::Staff, "财政收入")), "");
}

#[test]
fn a_word_before_a_colon_that_is_no_field_is_doubted() {
    let doubt = |query: &str| {
        Search::new(Asker::Public, query).unwrap().doubt().map(|(doubt, _)| doubt.zh.into_owned())
    };
    assert_eq!(
        doubt("不存在:防汛 时间：上午").as_deref(),
        Some("没有名为“不存在、时间”的检索项，冒号前后是照原文查找的。")
    );
    assert_eq!(doubt("题名:防汛 8:30 ：上午"), None);
}

#[test]
fn a_writer_that_is_dropped_leaves_the_index_as_it_was() {
    let (_dir, index) = index_of(&[flood()]);
    let mut writer = index.writer().unwrap();
    writer.put(&budget(), Stamp::of(&budget())).unwrap();
    writer.remove(ItemId(1)).unwrap();
    assert!(matches!(index.writer(), Err(IndexError::Busy)));
    drop(writer);
    assert_eq!(ask(&index, Asker::Staff, "防汛").records, 1);
    assert_eq!(index.writer().unwrap().records(), 1);
}

/// A folder's files into another, those that are there overwritten.
fn copied(from: &Path, to: &Path, but: &str) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copied(&entry.path(), &place, but);
        } else if entry.file_name() != but {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}

#[test]
fn what_a_killed_writer_left_behind_does_not_stand_in_the_way_of_the_next() {
    // So many that the one that changes shares its segment with others.
    let others = (10..90).map(|id| record(id, "旁的文件", &["旁的文字。"]));
    let (dir, index) = index_of(&others.chain([flood()]).collect::<Vec<_>>());
    let (place, before) = (dir.path().join("index"), dir.path().join("before"));
    drop(index);
    copied(&place, &before, "");
    let changed = Record { title: "改过的题名".into(), ..flood() };
    let put = || {
        let index = Index::open_or_create(&place).unwrap();
        let mut writer = index.writer().unwrap();
        assert_eq!(writer.put(&changed, Stamp::of(&changed)).unwrap(), Put::Indexed);
        writer.finish().unwrap();
        index
    };
    drop(put());
    // Killed when all was written but what makes it true: the files are there, and known to have been begun.
    copied(&before, &place, ".managed.json");
    let index = put();
    assert_eq!(places(&everything(&index, "题名:改过")), "1:-");
    assert_eq!(places(&everything(&index, "题名:防汛")), "");
}

#[test]
fn a_record_that_is_closed_leaves_no_trace_in_the_public_half() {
    let mut later_closed = record(5, "土地案件", &["征地补偿纠纷"]);
    let (dir, index) = index_of(&[flood(), later_closed.clone()]);
    later_closed.opening = OpeningState::Controlled;
    let mut writer = index.writer().unwrap();
    writer.put(&later_closed, Stamp::of(&later_closed)).unwrap();
    writer.finish().unwrap();
    assert_eq!(ask(&index, Asker::Public, "征地").total, 0);
    assert_eq!(ask(&index, Asker::Staff, "征地").total, 1);
    for file in std::fs::read_dir(dir.path().join("index/open")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(6).any(|piece| piece == "征地".as_bytes()), "the text is gone from the disk");
    }
}

#[test]
fn what_is_typed_is_completed_from_what_the_asker_may_find() {
    let mut closed = record(3, "关于防汛物资采购的秘密调查", &[]);
    closed.opening = OpeningState::Unreviewed;
    let mut named = record(4, "关于马中华等3名同志任职的通知", &[]);
    named.persons = vec!["马中华".into()];
    let (_dir, index) = index_of(&[flood(), budget(), closed, named]);
    let suggested = |asker, typed| -> Vec<String> {
        let all = index.suggest(asker, typed, 10).unwrap();
        all.into_iter().map(|one| one.text).collect()
    };
    assert_eq!(suggested(Asker::Public, "防汛"), ["防汛抗旱工作"]);
    assert_eq!(suggested(Asker::Staff, "防汛"), ["防汛抗旱工作", "防汛物资采购"]);
    assert_eq!(suggested(Asker::Public, "建政办"), ["建政办〔2005〕16号"]);
    assert_eq!(suggested(Asker::Public, "马中"), ["马中华"]);
    assert_eq!(suggested(Asker::Public, "建阳市"), ["建阳市人民政府办公室", "建阳市人民政府办公室关于做好"]);
    for nothing in ["", "，", "题名:防汛", "\"防", "不存在的字"] {
        assert_eq!(suggested(Asker::Staff, nothing), Vec::<String>::new(), "{nothing}");
    }
    assert_eq!(places(&ask(&index, Asker::Public, "人名:马中华")), "4:-");
}

#[test]
fn an_index_is_made_anew_beside_the_one_that_is_searched() {
    let (dir, index) = index_of(&[flood()]);
    let folder = dir.path().join("index");
    let (new, rebuilt) = Index::rebuild_beside(&folder).unwrap();
    let mut writer = new.writer().unwrap();
    writer.put(&budget(), Stamp::of(&budget())).unwrap();
    writer.finish().unwrap();
    assert_eq!(places(&ask(&index, Asker::Public, "防汛抗旱")), "1:- 1:1");
    assert_eq!(ask(&Index::open(&folder).unwrap(), Asker::Public, "财政").total, 0);
    drop((index, new));
    rebuilt.take_place().unwrap();
    assert!(ask(&Index::open(&folder).unwrap(), Asker::Public, "财政").total > 0);
    let left: Vec<_> =
        std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["index"]);
}

#[test]
fn an_index_of_another_make_asks_to_be_rebuilt_and_other_folders_are_left_alone() {
    let (dir, index) = index_of(&[flood()]);
    drop(index);
    let path = dir.path().join("index");
    std::fs::write(path.join("settings.json"), r#"{"layout":0,"folding":"old"}"#).unwrap();
    assert!(matches!(Index::open_or_create(&path), Err(IndexError::NeedsRebuild { .. })));
    let index = Index::rebuild(&path).unwrap();
    assert_eq!(ask(&index, Asker::Staff, "防汛").total, 0);
    assert!(matches!(Index::open(dir.path()), Err(IndexError::Missing(_))));
    assert!(matches!(Index::open_or_create(dir.path()), Err(IndexError::NotAnIndex(_))));
    assert!(matches!(Index::rebuild(dir.path()), Err(IndexError::NotAnIndex(_))));
    assert!(path.exists());
}

/// Everything that the public can be told.
fn everything(index: &Index, query: &str) -> SearchResult {
    let search = Search::new(Asker::Public, query).unwrap();
    index.search(&search.limit(100).near(50).facets()).unwrap()
}

const WORDS: [&str; 8] = ["防汛", "预算", "通知", "县政府", "2004年", "第16号", "批复", "水库"];

fn some_records() -> impl Strategy<Value = Vec<Record>> {
    let text = || {
        proptest::collection::vec(proptest::sample::select(&WORDS[..]), 1..8).prop_map(|words| words.concat())
    };
    let one = (text(), proptest::collection::vec(text(), 0..4), 0_usize..4);
    proptest::collection::vec(one, 1..12).prop_map(|list| {
        (1..)
            .zip(list)
            .map(|(id, (title, pages, opening))| {
                let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
                let mut record = record(id, &title, &pages);
                record.opening = [
                    OpeningState::Open,
                    OpeningState::Controlled,
                    OpeningState::Unreviewed,
                    OpeningState::Postponed,
                ][opening];
                record
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Two indexes that differ only in what is closed answer the public alike, to the last byte.
    #[test]
    fn the_public_learns_nothing_of_what_is_closed(records in some_records(), reopened in any::<bool>()) {
        let open: Vec<Record> =
            records.iter().filter(|record| record.opening == OpeningState::Open).cloned().collect();
        let (_a, without) = index_of(&open);
        let (_b, with) = index_of(&records);
        if reopened {
            // Some were open once.
            let once: Vec<Record> = records.iter().cloned().map(|mut record| {
                record.opening = OpeningState::Open;
                record
            }).collect();
            for state in [&once, &records] {
                let mut writer = with.writer().unwrap();
                for record in state {
                    writer.put(record, Stamp::of(record)).unwrap();
                }
                writer.finish().unwrap();
            }
        }
        for query in ["防汛", "预算 OR 通知", "县", "16", "防汛 NOT 批复", "防汛 NOT 县政府批复", "题名:水库 县政府", "防?预", "府*汛", "年度:2004", "防汛预算通知"] {
            let suggested = |index: &Index| format!("{:?}", index.suggest(Asker::Public, query, 20).unwrap());
            prop_assert_eq!(suggested(&without), suggested(&with), "{}", query);
            prop_assert_eq!(
                format!("{:?}", everything(&without, query)),
                format!("{:?}", everything(&with, query)),
                "{}", query
            );
        }
    }

    /// Of several words a page holds one itself at least, the others may stand in its record's title; a card holds all.
    #[test]
    fn a_page_is_found_by_what_stands_on_it(
        records in some_records(),
        words in proptest::collection::vec(proptest::sample::select(&["防汛", "预算", "县政府", "水库", "批复防"][..]), 2..4),
        in_two in any::<bool>(),
    ) {
        let open: Vec<Record> = records.into_iter().map(|mut record| {
            record.opening = OpeningState::Open;
            record
        }).collect();
        let (_dir, index) = index_of(&open);
        if in_two {
            // In several segments, some of which have a word in no title.
            for record in &open {
                let mut writer = index.writer().unwrap();
                writer.put(record, Stamp::of(&"again")).unwrap();
                writer.finish().unwrap();
            }
        }
        let mut wanted = BTreeSet::new();
        for record in &open {
            if words.iter().all(|word| record.title.contains(word)) {
                wanted.insert((record.id.0, None));
            }
            for page in &record.pages {
                if words.iter().all(|word| record.title.contains(word) || page.text.contains(word))
                    && words.iter().any(|word| page.text.contains(word))
                {
                    wanted.insert((record.id.0, Some(page.page)));
                }
            }
        }
        let found = ask(&index, Asker::Public, &words.join(" "));
        let places: BTreeSet<_> = found.hits.iter().map(|hit| (hit.id.0, hit.page)).collect();
        prop_assert_eq!(places, wanted);
    }

    /// Any piece of a page that holds a letter is found, whatever signs stand between.
    #[test]
    fn every_piece_of_a_page_is_found(signs in proptest::collection::vec(proptest::sample::select(&SIGNS[..]), 2..60)) {
        let text: String = signs.concat();
        let (_dir, index) = index_of(&[record(1, "", &[&text])]);
        let chars: Vec<char> = text.chars().collect();
        for start in 0..chars.len() {
            for end in start + 1..=chars.len().min(start + 9) {
                let piece: String = chars[start..end].iter().collect();
                if piece.contains(char::is_alphanumeric) {
                    let found = ask(&index, Asker::Public, &format!("\"{piece}\""));
                    prop_assert_eq!(places(&found), "1:1", "{:?} in {:?}", piece, text);
                    prop_assert!(!found.hits[0].snippet.marks.is_empty(), "{:?} is marked in {:?}", piece, text);
                }
            }
        }
    }
}

const SIGNS: [&str; 22] = [
    "县", "縣", "一", "〇", "零", "2", "0", "16", "a", "B", "ｃ", "９", "号", "（", "〕", "，", "。", " ",
    "\n", "　", "①", "㎡",
];
