//! One row of the register into one [`Item`].
//!
//! What happens to a cell that can't be read depends on what would be lost. A date, a period or a level
//! of secrecy that was misread would put a record into the wrong volume or before the wrong eyes: such a
//! row is refused. In the other columns the row is accepted with a warning, and the wording is carried
//! into the remarks (`〔页数：若干〕`), so that nothing a person wrote disappears. A missing title or date
//! is an error that stops numbering (L1) but not the import: it is mended later, with the paper in hand.
//!
//! Classified papers (S1) leave nothing but a line: number, date, level, and where the paper is. This is
//! decided before anything else is read, so that neither an item nor a finding nor a refused row can
//! carry more.

use archive_core::finding::{Finding, Place, Severity};
use archive_core::model::{
    DraftState, Item, ItemId, Origin, RetentionPeriod, Secrecy, SecrecyLevel, Side, StatedTie, TieKind,
};
use archive_core::reading::{DateReading, DocNumber, ItemDate, bodies};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

use super::cells::{excerpt, identifier, list, pages, scans, serial, year};
use super::columns::{Column, Header};
use super::grid::Row;
use super::line::{self, Line, where_the_paper_is};

/// What a row came to.
pub(super) struct RowReading {
    /// The item, as far as it could be made; of a refused row it isn't used.
    pub(super) item: Item,
    /// Whether it must not be imported as it is.
    pub(super) refused: bool,
    /// What was seen.
    pub(super) findings: Vec<Finding>,
    /// Whether only the fact of the paper may be kept (S1).
    pub(super) withheld: bool,
}

/// The columns of a classified row that are kept.
const KEPT_OF_CLASSIFIED: [Column; 6] =
    [Column::Row, Column::Number, Column::Date, Column::Secrecy, Column::SecrecyTerm, Column::Section];

/// Whether a column's content may be kept, shown or written out for a classified row.
pub(super) fn is_kept_of_classified(column: Option<Column>) -> bool {
    column.is_some_and(|column| KEPT_OF_CLASSIFIED.contains(&column))
}

/// Reads a row. `file` is the register as findings name it.
pub(super) fn read(file: &str, header: &Header<Column>, row: &Row, id: ItemId) -> RowReading {
    let mut reader = RowReader {
        line: Line { file, header, row },
        item: Item::new(id, ""),
        refused: false,
        findings: Vec::new(),
        unread: Vec::new(),
    };
    let withheld = reader.read();
    let RowReader { item, refused, findings, .. } = reader;
    RowReading { item, refused, findings, withheld }
}

struct RowReader<'a> {
    line: Line<'a, Column>,
    item: Item,
    refused: bool,
    findings: Vec<Finding>,
    /// Wordings that fit no field and go into the remarks.
    unread: Vec<(Column, String)>,
}

impl RowReader<'_> {
    fn read(&mut self) -> bool {
        self.item.origin = Origin { register: self.line.file.to_owned(), row: self.line.row.number };
        identifier(&self.text(Column::Row)).clone_into(&mut self.item.row);
        let secrecy = self.secrecy();
        let withheld = secrecy.as_ref().is_none_or(|mark| mark.level != SecrecyLevel::None);
        self.item.secrecy = secrecy.unwrap_or_default();
        self.item.number =
            Some(self.text(Column::Number)).filter(|text| !text.is_empty()).map(|t| DocNumber::read(&t));
        self.item.date = self.date(withheld);
        self.item.section = self.optional(Column::Section);
        if withheld {
            self.placeholder();
        } else {
            self.content();
        }
        withheld
    }

    /// Everything that only an open row may tell.
    fn content(&mut self) {
        let vital = |column| matches!(column, Column::Title | Column::Number | Column::Row);
        let (damage, refused) = self.line.damage(vital, &self.item.row);
        self.findings.extend(damage);
        self.refused |= refused;
        self.item.title = self.text(Column::Title);
        self.item.bodies = bodies(&self.text_with_breaks(Column::Bodies));
        self.item.addressees = bodies(&self.text_with_breaks(Column::Addressees));
        self.item.copies = bodies(&self.text_with_breaks(Column::Copies));
        self.item.doc_type = self.optional(Column::Type);
        self.item.urgency = self.optional(Column::Urgency);
        self.item.question = self.optional(Column::Question);
        self.item.meeting_or_case = self.optional(Column::Meeting);
        self.item.medium = self.optional(Column::Medium);
        self.item.materials = self.optional(Column::Materials);
        self.item.pages = self.word(Column::Pages, pages);
        self.item.state = self.word(Column::State, DraftState::read);
        self.item.side = self.word(Column::Side, Side::read);
        self.item.year = self.word(Column::Year, year);
        self.item.period = self.period();
        self.item.ties = self.ties();
        self.item.scans = scans(&self.text_with_breaks(Column::Scans));
        self.item.remarks = self.remarks();
        self.report_what_is_missing();
    }

    /// The line that may be kept of a classified paper.
    fn placeholder(&mut self) {
        self.item.remarks = where_the_paper_is(&self.text(Column::Place), &self.text(Column::Remarks));
        let level = self.item.secrecy.level.word();
        if level.is_empty() {
            // The level itself couldn't be read; that was reported, and the row refused.
            return;
        }
        self.report(
            Finding::new(
                RuleId::S1,
                self.place(Column::Secrecy),
                text!(
                    "{level}件：只保留文号、日期、密级和存放处，题名、内容和扫描件未录入",
                    "a {level} paper: only its number, date, level and place are kept; title, content and scans were not taken in"
                ),
            )
            .with_help(Text::fixed(
                "涉密文件请在专用簿册上手工登记，从本登记表中删去该行的题名和扫描件",
                "register classified papers by hand in their own book, and take the row's title and scans out of this register",
            )),
        );
    }

    /// 密级 and 保密期限; nothing if the level can't be read, which may mean anything.
    fn secrecy(&mut self) -> Option<Secrecy> {
        let marked = [Column::Title, Column::Number, Column::Remarks, Column::SecrecyTerm];
        let mark = self.line.secrecy(Column::Secrecy, Column::SecrecyTerm, &marked);
        mark.map_err(|written| self.refuse(RuleId::I2, Column::Secrecy, &written, line::LEVELS)).ok()
    }

    fn date(&mut self, withheld: bool) -> ItemDate {
        let written = self.line.date_text();
        if let Some(serial) = serial(&written) {
            let date = ItemDate::from_excel_serial(serial);
            if let DateReading::On(day) = date.reading {
                self.report(
                    Finding::new(
                        RuleId::I2,
                        self.place(Column::Date),
                        text!(
                            "日期「{written}」按 Excel 日期序号读作 {day}",
                            "date \"{written}\" is read as the Excel day count of {day}"
                        ),
                    )
                    .at(Severity::Info)
                    .with_help(Text::fixed(
                        "请核对；把该列的单元格格式设为日期可避免",
                        "check it; giving the column a date format avoids this",
                    )),
                );
                return date;
            }
        }
        let date = ItemDate::read(&written);
        if date.reading == DateReading::Unreadable {
            let help = Text::fixed(
                "日期写作 2005-05-16、2005年5月16日、2005年5月 或 2005；不知道的写 不详",
                "write 2005-05-16, 2005年5月16日, 2005年5月 or 2005; 不详 if it isn't known",
            );
            if withheld {
                // The line is kept: a placeholder without a date is better than none.
                let shown = excerpt(&written);
                self.report(
                    Finding::new(
                        RuleId::I2,
                        self.place(Column::Date),
                        text!("日期「{shown}」读不出", "date \"{shown}\" can't be read"),
                    )
                    .with_help(help),
                );
            } else {
                self.refuse(RuleId::I2, Column::Date, &written, help);
            }
        }
        date
    }

    fn period(&mut self) -> Option<RetentionPeriod> {
        let written = self.text(Column::Period);
        if written.is_empty() {
            return None;
        }
        let period = written.parse().ok();
        if period.is_none() {
            self.refuse(
                RuleId::I2,
                Column::Period,
                &written,
                Text::fixed(
                    "保管期限写作 永久、长期、短期，或 定期30年、定期10年；未定的留空",
                    "write 永久, 长期, 短期, or 定期30年, 定期10年; leave it empty if it isn't settled",
                ),
            );
        }
        period
    }

    /// A word of a column that a row can do without; what can't be read goes into the remarks.
    fn word<T>(&mut self, column: Column, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let written = self.text(column);
        if written.is_empty() {
            return None;
        }
        let value = read(&written);
        if value.is_none() {
            self.keep_in_remarks(column, written);
        }
        value
    }

    fn keep_in_remarks(&mut self, column: Column, written: String) {
        self.report(self.line.kept_in_remarks(column, &written, &self.item.row, expected(column)));
        self.unread.push((column, written));
    }

    /// 关联序号 and 关联关系: several of each, separated by `;`, or one kind for all.
    fn ties(&mut self) -> Vec<StatedTie> {
        let (to, kinds) = (self.text_with_breaks(Column::TieTo), self.text_with_breaks(Column::TieKind));
        let to: Vec<&str> = list(&to);
        let kinds: Vec<&str> = list(&kinds);
        if to.is_empty() && kinds.is_empty() {
            return Vec::new();
        }
        let fits = kinds.len() == 1 || kinds.len() == to.len();
        if !fits || to.is_empty() {
            let (many_to, many_kinds) = (to.len(), kinds.len());
            self.unread.push((Column::TieTo, to.join(";")));
            self.unread.push((Column::TieKind, kinds.join(";")));
            self.report(
                Finding::new(
                    RuleId::I2,
                    self.place(if to.is_empty() { Column::TieTo } else { Column::TieKind }),
                    text!(
                        "关联序号有 {many_to} 个，关联关系有 {many_kinds} 个，配不上，原文记入备注",
                        "{many_to} row numbers in 关联序号 but {many_kinds} kinds in 关联关系; the wording is kept in the remarks"
                    ),
                )
                .at(Severity::Warning)
                .with_help(Text::fixed(
                    "两列一一对应，用分号隔开；关系相同的只写一次",
                    "give one kind for each row number, separated by semicolons; write a kind that holds for all once",
                )),
            );
            return Vec::new();
        }
        let mut ties = Vec::new();
        for (index, row) in to.iter().enumerate() {
            let Some(word) = kinds.get(index).or(kinds.first()) else { continue };
            if let Some(kind) = TieKind::read(word) {
                ties.push(StatedTie { to_row: identifier(row).to_owned(), kind });
            } else {
                self.keep_in_remarks(Column::TieKind, format!("{row} {word}"));
            }
        }
        ties
    }

    /// The remarks, where the paper is, and what fitted nowhere else.
    fn remarks(&mut self) -> Option<String> {
        let mut remarks = self.text(Column::Remarks);
        let place = self.text(Column::Place);
        if !place.is_empty() {
            self.unread.insert(0, (Column::Place, place));
        }
        for (column, written) in self.unread.drain(..).filter(|(_, written)| !written.is_empty()) {
            let note = format!("〔{}：{written}〕", column.header());
            if !remarks.contains(&note) {
                remarks.push_str(&note);
            }
        }
        Some(remarks).filter(|remarks| !remarks.is_empty())
    }

    /// A title and a date are required (L1); without title, number and date there is no record.
    fn report_what_is_missing(&mut self) {
        let no_title = self.item.title.is_empty();
        let no_date = self.item.date.reading == DateReading::Missing;
        if no_title && no_date && self.item.number.is_none() {
            self.refused = true;
            self.report(
                Finding::new(
                    RuleId::L1,
                    self.place(Column::Title),
                    Text::fixed(
                        "题名、文号、日期都没有，认不出是哪份文件",
                        "no title, no number and no date: nothing tells which document it is",
                    ),
                )
                .with_help(Text::fixed(
                    "补上题名和日期，或删去该行",
                    "add the title and the date, or remove the row",
                )),
            );
            return;
        }
        if no_title {
            self.report(
                Finding::new(RuleId::L1, self.place(Column::Title), Text::fixed("没有题名", "no title"))
                    .with_help(Text::fixed(
                        "照原件抄录题名；原件没有题名的，拟一个，加上［］",
                        "copy the title from the paper; where it has none, draft one and set it in [ ]",
                    )),
            );
        }
        if no_date {
            self.report(
                Finding::new(RuleId::L1, self.place(Column::Date), Text::fixed("没有日期", "no date"))
                    .with_help(Text::fixed(
                        "照原件填写日期；考证得出的日期也可，确实不知的写 不详",
                        "copy the date from the paper or work it out; write 不详 if it can't be known",
                    )),
            );
        }
    }

    fn text(&self, column: Column) -> String {
        self.line.text(column)
    }

    fn text_with_breaks(&self, column: Column) -> String {
        self.line.text_with_breaks(column)
    }

    fn optional(&self, column: Column) -> Option<String> {
        self.line.optional(column)
    }

    fn place(&self, column: Column) -> Place {
        self.line.place(column, &self.item.row)
    }

    fn refuse(&mut self, rule: RuleId, column: Column, written: &str, help: Text) {
        self.refused = true;
        self.report(self.line.unreadable(rule, column, written, &self.item.row).with_help(help));
    }

    fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

/// What a column expects.
fn expected(column: Column) -> Text {
    match column {
        Column::Pages => Text::fixed("页数只填阿拉伯数字", "write the number of pages in digits"),
        Column::State => Text::fixed(
            "稿本写作 印本、定稿、修改稿（可带次数）、草稿、复制件、译本",
            "write 印本, 定稿, 修改稿 (with its number if any), 草稿, 复制件 or 译本",
        ),
        Column::Side => Text::fixed("党政只填 党 或 政", "write 党 or 政"),
        Column::Year => Text::fixed("年度写四位数字，如 2004", "write the year in four digits, such as 2004"),
        Column::TieKind => Text::fixed(
            "关联关系写作 附件、定稿、修改稿、请示、来文、被转发件、依据材料、办理结果、复制件、译本",
            "write 附件, 定稿, 修改稿, 请示, 来文, 被转发件, 依据材料, 办理结果, 复制件 or 译本",
        ),
        _ => Text::fixed("核对该单元格", "check the cell"),
    }
}
