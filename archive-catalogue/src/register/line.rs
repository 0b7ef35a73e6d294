//! The cells of one row, asked for by column: cleaned, with their place, and with what is wrong with them.

use std::borrow::Cow;

use archive_core::finding::{Finding, Place, Severity};
use archive_core::model::{Secrecy, SecrecyLevel};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

use super::cells::{clean, excerpt};
use super::columns::{Header, Heading};
use super::grid::{Cell, LONGEST_CELL, Row};

/// One row below a header.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a, C> {
    /// The file as findings name it.
    pub(crate) file: &'a str,
    /// The header.
    pub(crate) header: &'a Header<C>,
    /// The row.
    pub(crate) row: &'a Row,
}

/// What a cell for the level of secrecy may hold.
pub(crate) const LEVELS: Text = Text::fixed(
    "密级只填 秘密、机密、绝密，不涉密的留空；密级不明的行不能录入",
    "write 秘密, 机密 or 绝密, or leave it empty; a row whose level isn't clear can't be taken in",
);

impl<C: Heading> Line<'_, C> {
    /// The cell of a column on one line, without what no one can see. An Excel error is no text.
    pub(crate) fn text(&self, column: C) -> String {
        clean(&self.shown(column), false).into_owned()
    }

    /// The same with its line breaks, where they separate names.
    pub(crate) fn text_with_breaks(&self, column: C) -> String {
        clean(&self.shown(column), true).into_owned()
    }

    /// The same where there is anything.
    pub(crate) fn optional(&self, column: C) -> Option<String> {
        Some(self.text(column)).filter(|text| !text.is_empty())
    }

    fn shown(&self, column: C) -> Cow<'_, str> {
        match self.header.place(column).map(|found| self.row.cell(found.index)) {
            None | Some(Cell::Error(_)) => Cow::Borrowed(""),
            Some(cell) => cell.shown(),
        }
    }

    /// Where a cell stands; `row` is what the row is called.
    pub(crate) fn place(&self, column: C, row: &str) -> Place {
        Place {
            file: Some(self.file.to_owned()),
            row: Some(self.row.number),
            column: self.header.place(column).map(|found| found.header.clone()),
            item: Some(row.to_owned()).filter(|row| !row.is_empty()),
            field: Some(column.canonical().to_owned()),
            ..Place::default()
        }
    }

    /// Says that a cell can't be read.
    pub(crate) fn unreadable(&self, rule: RuleId, column: C, written: &str, row: &str) -> Finding {
        let (name, shown) = (column.canonical(), excerpt(written));
        Finding::new(
            rule,
            self.place(column, row),
            text!("{name}「{shown}」读不出", "{name} \"{shown}\" can't be read"),
        )
    }

    /// Says that a cell can't be read and is kept in the remarks; `expected` is what it should hold.
    pub(crate) fn kept_in_remarks(&self, column: C, written: &str, row: &str, expected: Text) -> Finding {
        let (name, shown) = (column.canonical(), excerpt(written));
        Finding::new(
            RuleId::I2,
            self.place(column, row),
            text!(
                "{name}「{shown}」读不出，原文记入备注",
                "{name} \"{shown}\" can't be read; the wording is kept in the remarks"
            ),
        )
        .at(Severity::Warning)
        .with_help(expected)
    }

    /// The level and its term, where they are asked for and where else people mark them (机密★10年 in a title); the
    /// wording of a level that can't be read, which may mean anything.
    pub(crate) fn secrecy(&self, level: C, term: C, marked: &[C]) -> Result<Secrecy, String> {
        let written = self.text(level);
        let Some(mut mark) = Secrecy::read(&written) else { return Err(written) };
        if mark.level == SecrecyLevel::None {
            mark.level = self.level_marked_in(marked);
        }
        if mark.term.is_none() && mark.level != SecrecyLevel::None {
            mark.term = self.optional(term);
        }
        Ok(mark)
    }

    /// A secrecy mark (机密★10年) that someone wrote into a title or remarks.
    fn level_marked_in(&self, columns: &[C]) -> SecrecyLevel {
        [SecrecyLevel::TopSecret, SecrecyLevel::Confidential, SecrecyLevel::Secret]
            .into_iter()
            .find(|level| {
                columns.iter().any(|column| {
                    let text = self.text(*column);
                    text.match_indices(level.word()).any(|(at, word)| {
                        text[at + word.len()..].trim_start().trim_start_matches('级').starts_with(['★', '☆'])
                    })
                })
            })
            .unwrap_or_default()
    }

    /// What the date column shows, or the three columns 年, 月, 日 put together.
    pub(crate) fn date_text(&self) -> String {
        let Some(parts) = self.header.split_date else { return self.text(C::DATE) };
        let units = ["年", "月", "日"];
        let mut date = String::new();
        for (place, unit) in parts.into_iter().zip(units) {
            let Some(place) = place else { break };
            let shown = clean(&self.row.cell(place).shown(), false).into_owned();
            let bare = shown.trim_end_matches(unit);
            if bare.is_empty() {
                break;
            }
            date.push_str(bare);
            date.push_str(unit);
        }
        date
    }

    /// Excel errors, cells too long to be meant, control characters, and text that went through the
    /// wrong encoding.
    ///
    /// Gives what is to be said of them, and whether the row can't be taken in for it; `vital` columns are those an
    /// Excel error may not stand in.
    pub(crate) fn damage(&self, vital: impl Fn(C) -> bool, row: &str) -> (Vec<Finding>, bool) {
        let mut findings = Vec::new();
        let mut refused = false;
        let columns = self.header.columns.iter().filter_map(|found| Some((found.meaning?, found.index)));
        for (column, index) in columns {
            let name = column.canonical();
            match self.row.cell(index) {
                Cell::Error(error) => {
                    let vital = vital(column);
                    refused |= vital;
                    let finding = Finding::new(
                        RuleId::I2,
                        self.place(column, row),
                        text!("{name}是公式错误 {error}", "{name} is the formula error {error}"),
                    )
                    .with_help(Text::fixed(
                        "在表格中改正公式，或填入内容",
                        "mend the formula in the spreadsheet, or type the value",
                    ));
                    findings.push(if vital { finding } else { finding.at(Severity::Warning) });
                }
                Cell::Text(text) if text.chars().count() > LONGEST_CELL => {
                    let (shown, length) = (excerpt(text), text.chars().count());
                    refused = true;
                    findings.push(
                        Finding::new(
                            RuleId::I2,
                            self.place(column, row),
                            text!(
                                "{name}「{shown}」有 {length} 个字，不可能是一个单元格",
                                "{name} \"{shown}\" has {length} characters: no cell holds that much"
                            ),
                        )
                        .with_help(Text::fixed(
                            "多半是引号没有配对，请检查该行前后",
                            "most likely a quotation mark isn't closed; look at the rows around it",
                        )),
                    );
                }
                Cell::Text(text) if text.contains('\u{fffd}') || text.contains("锟斤拷") => {
                    let shown = excerpt(text);
                    let lost = if text.contains('\u{fffd}') { "\u{fffd}" } else { "锟斤拷" };
                    findings.push(
                        Finding::new(
                            RuleId::I2,
                            self.place(column, row),
                            text!(
                                "{name}「{shown}」有乱码",
                                "{name} \"{shown}\" holds characters that were lost in a wrong encoding"
                            ),
                        )
                        .at(Severity::Warning)
                        .marking(lost)
                        .with_help(Text::fixed("照原件改正", "correct it from the paper")),
                    );
                }
                Cell::Text(text) if text.chars().any(|c| c.is_control() && !c.is_whitespace()) => {
                    let shown = excerpt(text);
                    findings.push(
                        Finding::new(
                            RuleId::I2,
                            self.place(column, row),
                            text!(
                                "{name}「{shown}」含控制字符，已去掉",
                                "{name} \"{shown}\" holds control characters, which were removed"
                            ),
                        )
                        .at(Severity::Warning)
                        .with_help(Text::fixed("核对该单元格", "check the cell")),
                    );
                }
                _ => {}
            }
        }
        (findings, refused)
    }
}

/// Of the remarks of a classified row, only what says where the paper is.
pub(crate) fn where_the_paper_is(place: &str, remarks: &str) -> Option<String> {
    const PLACES: [&str; 8] = ["存", "放", "柜", "库", "机要室", "保密室", "移交", "清退"];
    let tells_place = |part: &&str| {
        PLACES.iter().any(|word| part.contains(word))
            && part.chars().count() <= 30
            && !["《", "关于", "题名", "内容"].iter().any(|word| part.contains(word))
    };
    let kept: Vec<&str> = std::iter::once(place)
        .filter(|place| !place.is_empty())
        .chain(remarks.split(['，', '。', '；', ',', ';']).map(str::trim).filter(tells_place))
        .collect();
    (!kept.is_empty()).then(|| kept.join("，"))
}
