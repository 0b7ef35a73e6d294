//! Reads a register in the contract's canonical headers, as plainly as a test needs it.

use std::path::Path;

use archive_core::model::{
    DraftState, Item, ItemId, Origin, Secrecy, SecrecyLevel, Side, StatedTie, TieKind,
};
use archive_core::reading::{DocNumber, ItemDate, bodies};

/// What other registers call the canonical headers.
const SYNONYMS: [(&str, &str); 10] = [
    ("归档单位", "归档机构"),
    ("发文机关", "责任者"),
    ("作者", "责任者"),
    ("发文字号", "文号"),
    ("文件题名", "题名"),
    ("标题", "题名"),
    ("成文日期", "日期"),
    ("形成日期", "日期"),
    ("顺序号", "序号"),
    ("所属问题", "问题"),
];

fn canonical(header: &str) -> String {
    let header = header.trim();
    SYNONYMS.iter().find(|(name, _)| *name == header).map_or(header, |(_, canonical)| canonical).to_owned()
}

/// The rows of the first sheet of a workbook, each as pairs of header and cell.
fn workbook(path: &Path) -> Vec<Vec<(String, String)>> {
    use calamine::{Data, Reader as _};
    let mut book = calamine::open_workbook_auto(path).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let word = |cell: &Data| match cell {
        Data::DateTime(date) => format!("{:.0}", date.as_f64()),
        other => other.to_string(),
    };
    let mut rows = range.rows();
    let headers: Vec<String> = rows.next().unwrap().iter().map(|cell| canonical(&word(cell))).collect();
    rows.map(|row| headers.iter().cloned().zip(row.iter().map(word)).collect()).collect()
}

/// The rows of a CSV file or workbook, each as pairs of header and cell.
pub(crate) fn table(path: &Path) -> Vec<Vec<(String, String)>> {
    if path.extension().is_some_and(|end| end == "xlsx") {
        return workbook(path);
    }
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => encoding_rs::GB18030.decode(&bytes).0.into_owned(),
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headers: Vec<String> = reader.headers().unwrap().iter().map(canonical).collect();
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
        get("题名").clone_into(&mut item.title);
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
