//! A register is mended and imported again: what waited gets its numbers, what has numbers keeps them.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::desk::{Desk, county};

/// Each numbered volume: its code, and its rows in order.
pub(crate) fn numbered(document: &Value) -> BTreeMap<String, Vec<String>> {
    let volumes = document["volumes"].as_array().unwrap().iter();
    volumes
        .filter_map(|volume| {
            let code = volume["code"].as_str()?.to_owned();
            let items = volume["items"].as_array().unwrap().iter();
            Some((code, items.map(|item| item["row"].as_str().unwrap().to_owned()).collect()))
        })
        .collect()
}

/// The county's register with some cells replaced: row (序号), column, what is there, what comes there.
fn mend(cells: &[(&str, &str, &str, &str)]) -> Vec<u8> {
    let bytes = fs::read(county("register.csv")).unwrap();
    let (text, _, faulty) = encoding_rs::GB18030.decode(&bytes);
    assert!(!faulty);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|column| column == name).unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&head).unwrap();
    let mut left = cells.len();
    for record in reader.records() {
        let mut record: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        for (_, name, old, new) in cells.iter().filter(|(row, ..)| record[0] == **row).collect::<Vec<_>>() {
            assert_eq!(record[column(name)], *old);
            (*new).clone_into(&mut record[column(name)]);
            left -= 1;
        }
        writer.write_record(&record).unwrap();
    }
    assert_eq!(left, 0, "every cell was found");
    writer.into_inner().unwrap()
}

#[test]
fn a_mended_register_numbers_the_volumes_that_waited() {
    let desk = Desk::with_repository();
    fs::copy(county("register.csv"), desk.path("register.csv")).unwrap();
    let first = desk.json(&["import", "register.csv", "--accept-valid"], 1);
    desk.json(&["arrange"], 1);
    let before = desk.json(&["number"], 1);
    let (given, held) = (numbered(&before), before["volumes_held"].as_u64().unwrap());
    assert!(held >= 2, "the register has faults that hold volumes back");

    // Two titles and two dates that were missing, and the month that doesn't exist.
    let mended = mend(&[
        ("10", "题名", "", "关于2004年烟叶生产情况的报告"),
        ("235", "题名", "", "关于购置公务用车的请示"),
        ("84", "日期", "", "2004-09-10"),
        ("42", "日期", "", "2004-06-18"),
        ("274", "日期", "2004年13月", "2004年12月"),
    ]);
    fs::write(desk.path("register.csv"), mended).unwrap();
    let again = desk.json(&["import", "register.csv", "--update", "--accept-valid"], 1);
    assert_eq!(again["items_accepted"], 301, "{again}");
    assert_eq!((&again["items_updated"], &again["items_refused"]), (&first["items_accepted"], &0.into()));

    desk.json(&["arrange"], 1);
    let after = desk.json(&["number"], 1);
    let now = numbered(&after);
    for (code, rows) in &given {
        assert_eq!(now.get(code), Some(rows), "{code} was given, and stays");
    }
    assert!(now.len() > given.len(), "volumes that waited are numbered now");
    assert!(after["volumes_held"].as_u64().unwrap() < held);
    // Nothing is lost: every row is in one volume, or said to be left out.
    let rows: Vec<&Value> = after["volumes"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|volume| volume["items"].as_array().unwrap())
        .map(|item| &item["row"])
        .collect();
    let distinct: std::collections::BTreeSet<&str> = rows.iter().map(|row| row.as_str().unwrap()).collect();
    assert_eq!((rows.len(), distinct.len()), (300, 300));
    desk.json(&["audit", "verify"], 0);

    // The catalogue lists them by number, without gap or repeat, whenever each got its own (F1, K2).
    let print =
        ["catalogue", "--year", "2004", "--what", "volumes", "--format", "csv", "--own-font", "--out", "out"];
    let printed = desk.at_repository(&[&print[..], &["--json"]].concat()).document();
    let mut catalogue = csv::Reader::from_path(desk.path(printed["files"][0].as_str().unwrap())).unwrap();
    let column = catalogue.headers().unwrap().iter().position(|name| name == "案卷号").unwrap();
    let numbers: Vec<usize> =
        catalogue.records().map(|record| record.unwrap()[column].trim().parse().unwrap()).collect();
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
}

/// A word in the remarks changes no place and no number; the very same file is no news at all.
#[test]
fn an_update_of_a_remark_changes_no_number() {
    let desk = Desk::with_repository();
    fs::copy(county("register.csv"), desk.path("register.csv")).unwrap();
    desk.json(&["import", "register.csv", "--accept-valid"], 1);
    desk.json(&["arrange"], 1);
    let before = desk.json(&["number"], 1);
    desk.json(&["import", "register.csv", "--update", "--accept-valid"], 2);

    fs::write(desk.path("register.csv"), mend(&[("2", "备注", "", "已核对")])).unwrap();
    let again = desk.json(&["import", "register.csv", "--update", "--accept-valid"], 1);
    assert_eq!(again["items_updated"], again["items_accepted"]);
    desk.json(&["arrange"], 1);
    assert_eq!(numbered(&desk.json(&["number"], 1)), numbered(&before));
}
