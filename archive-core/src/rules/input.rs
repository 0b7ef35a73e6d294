//! I: what a register, a file and a package must be before any rule of the field can speak of them.
//!
//! These five are the program's own: the offices' rules take a legible register for granted. I1 and I5 are judged by
//! those who read the input (the register reader, the recogniser), which know the cell and the byte. I2 to I4 are judged
//! by them too, as errors of the register; here they are judged once more on what was taken in, so that what
//! was wrong at import doesn't vanish afterwards. By then it is a warning: the record stands, and what it lacks is known.

use std::collections::HashSet;

use super::checking::Desk;
use super::holdings::Stage;
use super::{Rule, RuleId, rule};
use crate::finding::{Finding, Severity};
use crate::text;

pub(super) const RULES: &[Rule] = &[
    rule!(I1 Error "本产品《命令行约定》登记表";
        says
            "登记表是带表头的一张表；题名、日期两栏必有，栏名可用通行的别称，次序不拘。",
            "A register is a table with a header row. The columns 题名 and 日期 must be there, under their own or a usual name, in any order.";
        example
            "表头写“文件标题、发文日期”可以认出；整张表没有一栏像题名，则无从登记。",
            "文件标题 and 发文日期 are understood; a sheet with no column that could be the title can't be registered.";
        remedy
            "在表头补上缺的栏；同一栏出现两次的删去一个。",
            "Add the missing column to the header; if a column stands twice, remove one.";
        judged by readers),
    rule!(I2 Error "本产品《命令行约定》登记表";
        says
            "每个单元格写的是这一栏该有的东西：日期是日期，页数是数，保管期限、密级、稿本用规定的词。读不懂的不猜，照原文报告。",
            "Each cell holds what its column is for: a date, a number, a known period, level or state. What can't be read is never guessed at; it is reported as it stands.";
        example
            "日期写“2004年13月”：没有这个月，不能当作 12 月或 2005 年 1 月。",
            "A date of 2004年13月: there is no such month, and it is taken for neither December nor January.";
        remedy
            "按提示的格式改正这一格；确实不知道的，写“不详”。",
            "Mend the cell as shown; where the value isn't known, write 不详."),
    rule!(I3 Error "本产品《命令行约定》登记表";
        says
            "登记表里写到的每个扫描件都在扫描件目录下，能打开；目录里没有登记到的文件也要说出来。",
            "Each scan a row names lies below the scans folder and can be opened; files that no row names are spoken of too.";
        example
            "扫描件一栏写“函/平溪县来函.tif”，而目录里没有这个文件。",
            "The scan column says 函/平溪县来函.tif, and there is no such file.";
        remedy
            "核对文件名（全角半角、扩展名、子目录），或补扫、补拷这个文件。",
            "Compare the name (widths, extension, subfolder), or scan or copy the file."),
    rule!(I4 Error "本产品《命令行约定》登记表";
        says
            "序号在表内不重复；关联序号指的是表内另一行，不是自己，关联不绕成圈。",
            "A row number stands once in a register; a tie names another row of it, not its own, and ties don't run in a circle.";
        example
            "第 247 行的关联序号写 999，而表里没有 999。",
            "Row 247 is tied to row 999, which isn't there.";
        remedy
            "改正序号或关联序号；关联的那一件不在本年登记的，在备注里说明。",
            "Correct the row number or the tie; if the other document isn't registered this year, say so in the remarks."),
    rule!(I5 Warning "GB/T 18894-2016；DA/T 31-2017";
        says
            "文件是它的名字所说的格式，格式在准许之列，每一页都读得出来，没有加密。",
            "A file is what its name says, in a format that is allowed, unencrypted, and each of its pages can be read.";
        example
            "名为“通知.pdf”的文件实际是 Word 文档；或扫描件只读得出前两页。",
            "A file called 通知.pdf is a Word document in truth; or only the first two pages of a scan can be read.";
        remedy
            "换成可读的版本，或转成 PDF、OFD、TIFF、JPEG 后重新挂接。",
            "Replace it by one that can be read, or convert it to PDF, OFD, TIFF or JPEG and attach it again.";
        judged by readers),
];

pub(super) fn check(desk: &mut Desk<'_>) {
    // Of a register its reader has spoken, cell by cell.
    if desk.holdings.stage == Stage::Register {
        return;
    }
    wordings(desk);
    scans(desk);
    row_numbers(desk);
}

/// I2: what a cell said that couldn't be read went into the remarks: 〔页数：若干〕.
fn wordings(desk: &mut Desk<'_>) {
    const FIELDS: [&str; 6] = ["页数", "稿本", "党政", "年度", "关联序号", "关联关系"];
    for (at, item) in desk.open_items() {
        for note in item.remarks.iter().flat_map(|remarks| remarks.split('〔').skip(1)) {
            let Some((field, written)) = note.split('〕').next().and_then(|note| note.split_once('：'))
            else {
                continue;
            };
            if let Some(field) = FIELDS.into_iter().find(|known| *known == field) {
                let message = text!(
                    "登记的{field}“{written}”读不出，只记在备注里",
                    "{field} was registered as \"{written}\", which can't be read and stands in the remarks only"
                );
                desk.say_at(RuleId::I2, Severity::Warning, at, field, message);
            }
        }
    }
}

/// I3: scans that a row names and nobody took in. Where there are no files at all, scanning is still to come.
fn scans(desk: &mut Desk<'_>) {
    let files = desk.holdings.files;
    if files.iter().all(|(_, facts)| facts.names.is_empty()) {
        return;
    }
    for (at, item) in desk.open_items().filter(|(_, item)| !item.scans.is_empty()) {
        let stored = desk.facts(at).map_or(&[][..], |facts| &facts.names);
        // Each name has its file, or there are as many files under other names.
        if stored.len() >= item.scans.len() {
            continue;
        }
        for scan in &item.scans {
            let wanted = scan.replace('\\', "/");
            let wanted = wanted.trim_start_matches("./").trim_end_matches('/');
            let is_it = |name: &String| {
                name == wanted || name.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('/'))
            };
            if !stored.iter().any(is_it) {
                let message =
                    text!("登记的扫描件“{scan}”没有收入", "the scan {scan} it names was not taken in");
                desk.say_at(RuleId::I3, Severity::Warning, at, "扫描件", message);
            }
        }
    }
}

/// I4: a number that stands for two rows of one register, and ties to no row or to their own.
fn row_numbers(desk: &mut Desk<'_>) {
    let mut rows: HashSet<(&str, &str)> = HashSet::new();
    let mut twice: Vec<usize> = Vec::new();
    for (at, item) in desk.holdings.items.iter().enumerate() {
        let row = item.row.trim();
        if !rows.insert((&item.origin.register, row)) && !row.is_empty() && desk.is_open(at) {
            twice.push(at);
        }
    }
    for at in twice {
        let row = &desk.item(at).row;
        let message = text!("序号 {row} 有两件", "two items bear the number {row}");
        desk.say_at(RuleId::I4, Severity::Warning, at, "序号", message);
    }
    for (at, item) in desk.open_items() {
        for tie in &item.ties {
            let row = tie.to_row.trim();
            let message = if row == item.row.trim() {
                text!("关联序号 {row} 就是它自己", "it is tied to itself, {row}")
            } else if rows.contains(&(item.origin.register.as_str(), row)) {
                continue;
            } else {
                text!("关联序号 {row} 不在登记表中", "it is tied to {row}, which isn't in the register")
            };
            let place = desk.place(at, "关联序号");
            desk.findings.push(Finding::new(RuleId::I4, place, message).at(Severity::Warning).marking(row));
        }
    }
}
