//! The metadata tests of DA/T 70, on the rows of a list: whole, filled, well formed, plausible, unrepeated.
//!
//! What the standard leaves to the parties is set here: lengths, ranges of years, which columns must be
//! filled. A breach that only a person can weigh is a warning.

use std::collections::BTreeSet;

use archive_core::finding::{Finding, Place, Severity};
use archive_core::model::RetentionPeriod;
use archive_core::reading::ArchivalCode;
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

use super::checks::Results;
use super::rows::Values;
use crate::findings::Findings;

/// A row of a list.
pub(super) struct Row<'a> {
    /// The list's path.
    pub(super) file: &'a str,
    /// Which one, from 1.
    pub(super) serial: usize,
    pub(super) values: Values<'a>,
    pub(super) columns: &'a [&'a str],
    pub(super) of_volumes: bool,
}

/// The most characters of a value (ours: the standard leaves it to the parties).
const MAX_CHARS: usize = 1000;
/// Levels of state secrets: such records must not be in a package at all.
const CLASSIFIED: [&str; 3] = ["秘密", "机密", "绝密"];
/// What stands for "no secret".
const OPEN_LEVELS: [&str; 7] = ["", "公开", "非涉密", "无", "内部", "国内", "限制"];

/// A test's code, and how many breaches it counted.
struct Count {
    no: &'static str,
    what: Text,
    faults: usize,
    doubts: usize,
}

/// Judges the rows of one list.
pub(super) fn judge<'a>(rows: impl Iterator<Item = Row<'a>>, findings: &mut Findings, results: &mut Results) {
    let mut counts: Vec<Count> = [
        ("1-2", "长度", "lengths"),
        ("1-3", "类型、格式", "types and forms"),
        ("1-4", "值域", "values from their lists"),
        ("1-5", "合理性", "plausibility"),
        ("1-6", "特殊字符", "special characters"),
        ("1-8", "重复", "repetition"),
        ("2-3", "各项齐全", "all elements there"),
        ("2-4", "必填项", "required elements"),
        ("2-6", "顺序号连续", "numbers run on"),
    ]
    .map(|(no, zh, en)| Count { no, what: Text::fixed(zh, en), faults: 0, doubts: 0 })
    .into();
    let mut list = "";
    let mut codes = BTreeSet::new();
    let (mut odd_codes, mut total) = (0_usize, 0_usize);
    let mut found = Vec::new();
    for row in rows {
        total += 1;
        list = row.file.rsplit('/').next().unwrap_or(row.file);
        of_row(&row, &mut found);
        let code = row.value("档号");
        if !code.is_empty() && !codes.insert(code) {
            found.push((
                "1-8",
                row.finding("档号", RuleId::K3, text!("档号 {code} 重复", "the code {code} stands twice")),
            ));
        }
        if !code.is_empty() && ArchivalCode::read(code).is_none() {
            odd_codes += 1;
        }
        for (no, finding) in found.drain(..) {
            if let Some(count) = counts.iter_mut().find(|count| count.no == no) {
                if finding.severity == Severity::Error {
                    count.faults += 1;
                } else {
                    count.doubts += 1;
                }
            }
            findings.push(finding);
        }
    }
    if total == 0 {
        return;
    }
    for Count { no, what, faults, doubts } in counts {
        let (zh, en) = (&what.zh, &what.en);
        if faults == 0 && doubts > 0 {
            let said = Text::new(
                format!("{list} {total} 行，{zh}有 {doubts} 处须人工判断"),
                format!("{list}: {total} rows, {en} in {doubts} places for a person to judge"),
            );
            results.unsure(no, said);
        } else {
            let said = Text::new(
                format!("{list} {total} 行，{zh}不符 {faults} 处"),
                format!("{list}: {total} rows, {en}: {faults} faults"),
            );
            results.judge(no, faults == 0, said);
        }
    }
    if odd_codes == 0 {
        results.judge(
            "1-7",
            true,
            text!(
                "{list} {total} 个档号合乎 DA/T 13、DA/T 22",
                "{list}: {total} codes follow DA/T 13 or DA/T 22"
            ),
        );
    } else {
        results.unsure(
            "1-7",
            text!("{list} {odd_codes} 个档号须人工核对", "{list}: {odd_codes} codes for a person to check"),
        );
    }
}

impl<'a> Row<'a> {
    fn value(&self, column: &str) -> &'a str {
        self.values.get(column).unwrap_or_default()
    }

    fn has(&self, column: &str) -> bool {
        self.values.get(column).is_some()
    }

    fn finding(&self, field: &str, rule: RuleId, said: Text) -> Finding {
        let code = self.value("档号");
        let code = (!code.is_empty()).then(|| code.to_owned());
        let place = Place {
            file: Some(self.file.to_owned()),
            row: u32::try_from(self.serial).ok(),
            volume: code.clone().filter(|_| self.of_volumes),
            item: code.filter(|_| !self.of_volumes),
            field: Some(field.to_owned()),
            ..Place::default()
        };
        Finding::new(rule, place, said)
            .at(Severity::Error)
            .with_help(Text::fixed("请移交方改正后重新制包", "ask the sender to mend it and build again"))
    }

    /// What a person must weigh: the standard leaves it to the parties.
    fn doubt(&self, field: &str, rule: RuleId, said: Text) -> Finding {
        self.finding(field, rule, said).at(Severity::Warning)
    }
}

fn of_row(row: &Row<'_>, found: &mut Vec<(&'static str, Finding)>) {
    for column in row.columns.iter().filter(|column| !row.has(column)) {
        found.push((
            "2-3",
            row.finding(column, RuleId::X5, text!("缺“{column}”一项", "the element {column} is missing")),
        ));
    }
    for column in ["档号", "题名"] {
        if row.has(column) && row.value(column).is_empty() {
            found.push(("2-4", row.finding(column, RuleId::L1, text!("{column}为空", "{column} is empty"))));
        }
    }
    for column in ["责任者", "日期"] {
        if row.has(column) && row.value(column).is_empty() {
            let said = text!("{column}为空", "{column} is empty");
            found.push(("2-4", row.doubt(column, RuleId::L1, said)));
        }
    }
    for (column, value) in row.values.iter() {
        let length = value.chars().count();
        if length > MAX_CHARS {
            found.push((
                "1-2",
                row.doubt(
                    column,
                    RuleId::X5,
                    text!("{column}长达 {length} 字", "{column} is {length} characters long"),
                ),
            ));
        }
        if let Some(sign) = value.chars().find(|c| is_special(*c)) {
            let code = u32::from(sign);
            found.push((
                "1-6",
                row.doubt(
                    column,
                    RuleId::X5,
                    text!(
                        "{column}含特殊字符 U+{code:04X}",
                        "{column} has the special character U+{code:04X}"
                    ),
                ),
            ));
        }
    }
    if row.value("顺序号").parse() != Ok(row.serial) {
        let (said, expected) = (row.value("顺序号"), row.serial);
        found.push((
            "2-6",
            row.finding(
                "顺序号",
                RuleId::X5,
                text!("顺序号为“{said}”，应为 {expected}", "the serial is “{said}”, it should be {expected}"),
            ),
        ));
    }
    if !row.value("页数").is_empty() && row.value("页数").parse::<u32>().is_err() {
        found.push((
            "1-3",
            row.finding("页数", RuleId::X5, Text::fixed("页数不是整数", "the number of pages is no integer")),
        ));
    }
    let period = row.value("保管期限");
    if !period.is_empty() && period.parse::<RetentionPeriod>().is_err() {
        found.push((
            "1-4",
            row.finding(
                "保管期限",
                RuleId::R1,
                text!("“{period}”不是保管期限", "“{period}” is no retention period"),
            ),
        ));
    }
    of_secrecy(row, found);
    of_date(row, found);
}

fn of_secrecy(row: &Row<'_>, found: &mut Vec<(&'static str, Finding)>) {
    let level = row.value("密级");
    if CLASSIFIED.iter().any(|classified| level.starts_with(classified)) {
        let said =
            text!("是{level}件，不得装入移交包", "is classified ({level}) and must not be in a package");
        found.push(("1-4", row.finding("密级", RuleId::S1, said)));
    } else if !OPEN_LEVELS.contains(&level) {
        let said = text!("“{level}”不是密级", "“{level}” is no level of secrecy");
        found.push(("1-4", row.doubt("密级", RuleId::X5, said)));
    }
}

/// Dates are eight digits, or two joined by a dash for a volume; ISO is let through.
fn of_date(row: &Row<'_>, found: &mut Vec<(&'static str, Finding)>) {
    let value = row.value("日期").trim_matches(['[', ']', '［', '］']);
    if value.is_empty() {
        return;
    }
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let only = value.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '.' | '/' | '—' | '至' | '~'));
    if !only || !matches!(digits.len(), 4 | 6 | 8 | 16) {
        let said = text!("日期“{value}”不是八位数字", "the date “{value}” is not eight digits");
        found.push(("1-3", row.doubt("日期", RuleId::L1, said)));
        return;
    }
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|text| text.parse::<u32>().ok());
    let plausible = (1800..=2200).contains(&part(0, 4).unwrap_or(0))
        && part(4, 6).is_none_or(|month| month <= 12)
        && part(6, 8).is_none_or(|day| day <= 31);
    if !plausible {
        found.push((
            "1-5",
            row.doubt("日期", RuleId::L1, text!("日期“{value}”不合理", "the date “{value}” can't be right")),
        ));
    }
}

/// Control characters, private use, and what a broken conversion leaves.
fn is_special(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}
