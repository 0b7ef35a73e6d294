//! Reads a register in the contract's canonical headers, as plainly as a test needs it.

use std::path::Path;

use archive_core::model::{
    DraftState, Item, ItemId, Origin, Secrecy, SecrecyLevel, Side, StatedTie, TieKind,
};
use archive_core::reading::{DocNumber, ItemDate, bodies};

/// The rows of a CSV file, each as pairs of header and cell.
pub(crate) fn table(path: &Path) -> Vec<Vec<(String, String)>> {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => encoding_rs::GB18030.decode(&bytes).0.into_owned(),
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headers: Vec<String> =
        reader.headers().unwrap().iter().map(|header| header.trim().to_owned()).collect();
    reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            headers.iter().cloned().zip(record.iter().map(str::to_owned)).collect()
        })
        .collect()
}

/// One cell of a row; empty if the column isn't there.
pub(crate) fn cell<'r>(row: &'r [(String, String)], header: &str) -> &'r str {
    row.iter().find(|(name, _)| name == header).map_or("", |(_, cell)| cell.trim())
}

/// A register's items.
pub(crate) fn read(path: &Path) -> Vec<Item> {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let mut items = Vec::new();
    for (index, row) in table(path).iter().enumerate() {
        let get = |header: &str| cell(row, header);
        let some = |header: &str| Some(get(header)).filter(|cell| !cell.is_empty()).map(str::to_owned);
        let mut item = Item::new(ItemId(index as u64 + 1), get("序号"));
        item.origin = Origin { register: name.clone(), row: index as u32 + 2 };
        item.title = get("题名").to_owned();
        item.bodies = bodies(get("责任者"));
        item.number = some("文号").map(|number| DocNumber::read(&number));
        item.date = match get("日期").parse::<f64>() {
            Ok(serial) if get("日期").len() == 5 => ItemDate::from_excel_serial(serial),
            _ => ItemDate::read(get("日期")),
        };
        let digits: String = get("页数")
            .chars()
            .map(|c| {
                char::from_u32(u32::from(c).wrapping_sub(0xFEE0)).filter(char::is_ascii_digit).unwrap_or(c)
            })
            .filter(char::is_ascii_digit)
            .collect();
        item.pages = digits.parse().ok();
        item.doc_type = some("文种");
        item.state = DraftState::read(get("稿本"));
        item.secrecy = Secrecy {
            level: SecrecyLevel::read(get("密级")).unwrap_or_default(),
            term: some("保密期限"),
        };
        item.addressees = bodies(get("主送"));
        item.copies = bodies(get("抄送"));
        item.section = some("归档机构");
        item.side = Side::read(get("党政"));
        item.year = get("年度").parse().ok();
        item.question = some("问题");
        item.meeting_or_case = some("会议或案件");
        item.period = get("保管期限").parse().ok();
        item.medium = some("载体");
        item.materials = some("书写材料");
        for to_row in get("关联序号").split([';', '；', '、', ' ']).filter(|row| !row.is_empty()) {
            if let Some(kind) = TieKind::read(get("关联关系")) {
                item.ties.push(StatedTie { to_row: to_row.to_owned(), kind });
            }
        }
        item.remarks = some("备注");
        items.push(item);
    }
    items
}
