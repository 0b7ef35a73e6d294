//! What is written is read again as it was.

use archive_catalogue::register::{self, RegisterFormat};
use archive_core::model::{DraftState, Item, ItemId, Origin, RetentionPeriod, Side, StatedTie, TieKind};
use archive_core::reading::{DocNumber, ItemDate};
use proptest::prelude::*;

/// Text as a cell can hold it: no blanks at its ends, nothing invisible.
fn words() -> impl Strategy<Value = String> {
    "[ -~　-〿一-龥《》“”（）〔〕𠀀-𠀏=+@'é]{1,24}".prop_map(|text| text.trim().to_owned()).prop_filter(
        "not blank",
        |text| {
            // A title of nothing but a secrecy mark or a total line means something else.
            !text.is_empty() && !text.contains('★')
        },
    )
}

fn names() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::btree_set("[县市委政府局办公室]{2,6}", 0..4)
        .prop_map(|names| names.into_iter().collect())
}

fn date() -> impl Strategy<Value = ItemDate> {
    prop_oneof![
        (1949_i32..2030, 1_u32..13, 1_u32..29).prop_map(|(y, m, d)| format!("{y}年{m}月{d}日")),
        (1949_i32..2030, 1_u32..13).prop_map(|(y, m)| format!("{y}.{m}")),
        (1949_i32..2030).prop_map(|y| y.to_string()),
        Just("不详".to_owned()),
    ]
    .prop_map(|written| ItemDate::read(&written))
}

prop_compose! {
    fn item(row: u32)(
        title in words(),
        bodies in names(),
        addressees in names(),
        number in proptest::option::of((1_u32..99).prop_map(|n| DocNumber::read(&format!("临政〔2004〕{n}号")))),
        date in date(),
        pages in proptest::option::of(0_u32..999),
        state in proptest::option::of(prop_oneof![Just(DraftState::Print), (0_u16..9).prop_map(DraftState::Revision)]),
        side in proptest::option::of(prop_oneof![Just(Side::Party), Just(Side::Government)]),
        year in proptest::option::of(1949_i32..2030),
        period in proptest::option::of(prop_oneof![Just(RetentionPeriod::Permanent), Just(RetentionPeriod::Years(30))]),
        question in proptest::option::of(words()),
        remarks in proptest::option::of(words()),
        tie in proptest::option::of((1_u32..5, 0..TieKind::ALL.len())),
        scans in proptest::collection::vec("[a-z页]{1,6}\\.tif", 0..3),
    ) -> Item {
        let mut item = Item::new(ItemId(u64::from(row)), row.to_string());
        item.origin = Origin { register: "a".to_owned(), row: row + 1 };
        item.title = title;
        item.bodies = bodies;
        item.addressees = addressees;
        item.number = number;
        item.date = date;
        item.pages = pages;
        item.state = state;
        item.side = side;
        item.year = year;
        item.period = period;
        item.question = question;
        item.remarks = remarks;
        item.ties = tie
            .map(|(to, kind)| StatedTie { to_row: to.to_string(), kind: TieKind::ALL[kind] })
            .into_iter()
            .collect();
        item.scans = scans;
        item
    }
}

fn items() -> impl Strategy<Value = Vec<Item>> {
    (1_u32..8).prop_flat_map(|count| (1..=count).map(item).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_register_written_is_read_as_the_same_items(items in items()) {
        for format in [RegisterFormat::Csv, RegisterFormat::Xlsx] {
            let bytes = register::write(&items, format).unwrap();
            let reading = register::read("a", &bytes).unwrap();
            prop_assert!(reading.refused.is_empty(), "{:?}", reading.findings);
            prop_assert_eq!(&reading.items, &items);
            prop_assert_eq!(register::write(&reading.items, format).unwrap(), bytes);
        }
    }

    #[test]
    fn no_text_makes_the_reader_fall_over(text in "[\\PC\n\t\",;\0]{0,400}") {
        let _ = register::read("a", text.as_bytes());
        let _ = register::read("a", format!("序号,题名,日期,页数,密级,关联序号,关联关系\n{text}").as_bytes());
    }

    #[test]
    fn no_bytes_make_the_reader_fall_over(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = register::read("a", &bytes);
        let _ = register::read("a", &[b"PK\x03\x04".as_slice(), &bytes].concat());
        let _ = register::read("a", &[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &bytes].concat());
    }
}

#[test]
fn refused_rows_come_back_as_they_were_and_can_be_mended() {
    let csv = "盒号,序号,标题,日期\n1,1,甲,2004年13月\n1,2,乙,2004\n2,3,丙,很久以前\n";
    let reading = register::read("a.csv", csv.as_bytes()).unwrap();
    let back = String::from_utf8(
        register::write_refused(&reading.sheets, &reading.refused, RegisterFormat::Csv).unwrap(),
    )
    .unwrap();
    assert_eq!(
        back,
        "\u{feff}盒号,序号,标题,日期,退回原因\r\n1,1,甲,2004年13月,第2行：日期「2004年13月」读不出\r\n2,3,丙,很久以前,第4行：日期「很久以前」读不出\r\n"
    );
    let mended = back.replace("2004年13月,", "2004年12月,").replace("很久以前,", "1999,");
    let reading = register::read("b.csv", mended.as_bytes()).unwrap();
    assert_eq!(reading.items.len(), 2);
    assert!(reading.refused.is_empty());
    let refused = register::read("a.csv", csv.as_bytes()).unwrap();
    let book = register::write_refused(&refused.sheets, &refused.refused, RegisterFormat::Xlsx).unwrap();
    assert_eq!(register::read("c.xlsx", &book).unwrap().refused.len(), 2);
}
