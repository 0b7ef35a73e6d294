//! One row of a book into one [`BookEntry`].
//!
//! What is refused follows the register of what is archived: a date that can't be read, a level of secrecy that
//! can't, and a row that tells nothing of a paper. What became of a paper in words nobody knows isn't refused,
//! but neither is it taken for a reason: it is said, kept in the remarks, and asked for when the paper is missing.
//!
//! Of a classified row (S1) only its numbers, dates, level, section, copies and what became of it are read.

use archive_core::finding::Finding;
use archive_core::model::{Origin, SecrecyLevel};
use archive_core::office_register::{
    BookEntry, Direction, Disposition, DispositionKind, EntryId, disposition,
};
use archive_core::reading::{DateReading, DocNumber, ItemDate, RecordDate, bodies};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;
use chrono::NaiveDate;

use super::columns::BookColumn;
use crate::register::cells::{self, identifier};
use crate::register::columns::Header;
use crate::register::grid::Row;
use crate::register::line::{self, Line, where_the_paper_is};

/// What a row came to.
pub(super) struct RowReading {
    /// The line, as far as it could be made; of a refused row it isn't used.
    pub(super) entry: BookEntry,
    /// Whether it must not be taken in as it is.
    pub(super) refused: bool,
    /// What was seen.
    pub(super) findings: Vec<Finding>,
    /// Whether only the fact of the paper may be kept (S1).
    pub(super) withheld: bool,
}

/// Whether a column's content may be kept, shown or written out for a classified row.
pub(super) fn is_kept_of_classified(column: Option<BookColumn>) -> bool {
    use BookColumn::{
        Copies, CopyNo, Date, DisposedOn, MustReturn, No, Number, Registered, Returned, Secrecy, SecrecyTerm,
        Section, Sent, Year,
    };
    column.is_some_and(|column| {
        [
            No,
            Registered,
            Sent,
            Year,
            Number,
            Date,
            Copies,
            CopyNo,
            Secrecy,
            SecrecyTerm,
            Section,
            MustReturn,
            Returned,
            DisposedOn,
        ]
        .contains(&column)
    })
}

/// Where a row is read, and for which book.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    /// The file as findings name it.
    pub(super) file: &'a str,
    /// Its header.
    pub(super) header: &'a Header<BookColumn>,
    /// Which book.
    pub(super) direction: Direction,
    /// The year of the book where the row doesn't tell.
    pub(super) year: Option<i32>,
}

impl Reader<'_> {
    /// Reads a row; `count` is its place among the records, for books without numbers.
    pub(super) fn read(&self, row: &Row, id: EntryId, count: usize) -> RowReading {
        let Self { file, header, direction, .. } = *self;
        let mut one = OneRow {
            line: Line { file, header, row },
            entry: BookEntry::new(id, direction, 0, ""),
            refused: false,
            findings: Vec::new(),
            unread: Vec::new(),
        };
        let withheld = one.read(self.year, count);
        let OneRow { entry, refused, findings, .. } = one;
        RowReading { entry, refused, findings, withheld }
    }
}

struct OneRow<'a> {
    line: Line<'a, BookColumn>,
    entry: BookEntry,
    refused: bool,
    findings: Vec<Finding>,
    /// Wordings that fit no field and go into the remarks.
    unread: Vec<(BookColumn, String)>,
}

impl OneRow<'_> {
    fn read(&mut self, year: Option<i32>, count: usize) -> bool {
        self.entry.origin = Origin { register: self.line.file.to_owned(), row: self.line.row.number };
        let no = self.line.text(BookColumn::No);
        self.entry.label.register_no = match identifier(&no) {
            "" if self.line.header.place(BookColumn::No).is_none() => count.to_string(),
            "" => format!("第{}行", self.line.row.number),
            no => no.chars().filter(|c| !c.is_whitespace()).collect(),
        };
        let marked = [BookColumn::Title, BookColumn::Number, BookColumn::Remarks, BookColumn::SecrecyTerm];
        let secrecy = self.line.secrecy(BookColumn::Secrecy, BookColumn::SecrecyTerm, &marked);
        let withheld = secrecy.as_ref().map_or(true, |mark| mark.level != SecrecyLevel::None);
        match secrecy {
            Ok(mark) => self.entry.secrecy = mark,
            Err(written) => self.refuse(BookColumn::Secrecy, &written, line::LEVELS),
        }
        self.entry.number = self.line.optional(BookColumn::Number).map(|written| DocNumber::read(&written));
        self.dates();
        self.entry.section = self.line.optional(BookColumn::Section);
        self.entry.copies = self.line.optional(BookColumn::Copies).and_then(|written| {
            let copies = cells::pages(written.trim_end_matches('份'));
            if copies.is_none() && !withheld {
                self.unread.push((BookColumn::Copies, written));
            }
            copies
        });
        self.entry.copy_no = self.line.optional(BookColumn::CopyNo);
        self.year(year);
        self.what_became(withheld);
        if withheld {
            self.placeholder();
        } else {
            self.content();
        }
        withheld
    }

    /// Everything that only an open row may tell.
    fn content(&mut self) {
        let vital = |column| matches!(column, BookColumn::Title | BookColumn::Number | BookColumn::No);
        let (damage, refused) = self.line.damage(vital, &self.entry.label.to_string());
        self.findings.extend(damage);
        self.refused |= refused;
        self.entry.title = self.line.text(BookColumn::Title);
        self.entry.bodies = bodies(&self.line.text_with_breaks(BookColumn::Bodies));
        self.entry.addressees = bodies(&self.line.text_with_breaks(BookColumn::Addressees));
        let mut remarks = self.line.text(BookColumn::Remarks);
        for (column, written) in self.unread.drain(..) {
            remarks.extend(["〔", column.header(), "：", &written, "〕"]);
        }
        self.entry.remarks = Some(remarks).filter(|remarks| !remarks.is_empty());
        if self.entry.title.is_empty() && self.entry.number.is_none() {
            self.refused = true;
            self.report(
                Finding::new(
                    RuleId::L1,
                    self.place(BookColumn::Title),
                    Text::fixed(
                        "题名、文号都没有，认不出是哪份文件",
                        "no title and no number: nothing tells which paper it is",
                    ),
                )
                .with_help(Text::fixed("照原簿补上，或删去该行", "copy it from the book, or remove the row")),
            );
        }
    }

    /// The line that may be kept of a classified paper.
    fn placeholder(&mut self) {
        self.entry.remarks = where_the_paper_is("", &self.line.text(BookColumn::Remarks));
        let level = self.entry.secrecy.level.word();
        if level.is_empty() {
            // The level itself couldn't be read; that was reported, and the row refused.
            return;
        }
        self.report(
            Finding::new(
                RuleId::S1,
                self.place(BookColumn::Secrecy),
                text!(
                    "{level}件：只保留登记号、文号、日期、密级、承办科室和去向，题名和内容未录入",
                    "a {level} paper: only its numbers, dates, level, section and what became of it are kept; title and content were not taken in"
                ),
            )
            .with_help(Text::fixed(
                "涉密文件请在专用簿册上手工登记，从本簿中删去该行的题名",
                "register classified papers by hand in their own book, and take the row's title out of this one",
            )),
        );
    }

    /// 登记日期 and 成文日期. 发文日期 is the one or the other, as the book is.
    fn dates(&mut self) {
        let outgoing = self.entry.direction() == Direction::Outgoing;
        let registered = self.line.date_text();
        let sent = self.line.text(BookColumn::Sent);
        let made = self.line.text(BookColumn::Date);
        let (registered, made) = match (registered.is_empty(), made.is_empty()) {
            (true, _) if outgoing => ((BookColumn::Sent, sent), (BookColumn::Date, made)),
            (_, true) if !outgoing => ((BookColumn::Registered, registered), (BookColumn::Sent, sent)),
            _ => ((BookColumn::Registered, registered), (BookColumn::Date, made)),
        };
        self.entry.registered = self.date(registered.0, &registered.1);
        self.entry.date = self.date(made.0, &made.1);
    }

    fn date(&mut self, column: BookColumn, written: &str) -> ItemDate {
        let date =
            cells::serial(written).map_or_else(|| ItemDate::read(written), ItemDate::from_excel_serial);
        if date.reading == DateReading::Unreadable {
            self.refuse(
                column,
                written,
                Text::fixed(
                    "日期写作 2005-05-16、2005年5月16日、2005年5月 或 2005；不知道的写 不详",
                    "write 2005-05-16, 2005年5月16日, 2005年5月 or 2005; 不详 if it isn't known",
                ),
            );
        }
        date
    }

    /// The year of the book: as the row says, as the caller says, or that of the day of registration.
    fn year(&mut self, given: Option<i32>) {
        let written = self.line.text(BookColumn::Year);
        let number = self.entry.number.as_ref().and_then(|number| number.parts.first()?.year);
        let day = |date: &ItemDate| date.date().map(RecordDate::year);
        let year = cells::year(&written)
            .or(given)
            .or_else(|| day(&self.entry.registered))
            .or_else(|| day(&self.entry.date))
            .or(number);
        if let Some(year) = year {
            self.entry.label.year = year;
            return;
        }
        self.refused = true;
        self.report(
            Finding::new(
                RuleId::I2,
                self.place(BookColumn::Registered),
                Text::fixed(
                    "没有日期，不知是哪一年的簿册",
                    "no date: nothing tells which year's book it is of",
                ),
            )
            .with_help(Text::fixed(
                "补上日期，或加 --year 指明簿册的年度",
                "add the date, or name the book's year with --year",
            )),
        );
    }

    /// 应清退, 去向, 清退日期, 原因.
    fn what_became(&mut self, withheld: bool) {
        let written = self.line.text(BookColumn::MustReturn);
        match disposition::must_return(&written) {
            Some(must) => self.entry.must_return = must,
            // 清退 may be a column of what happened: 2005-03-12 已退.
            None => {
                match Disposition::read(&written).or_else(|| day(&written).map(|on| returned(Some(on)))) {
                    Some(read) => {
                        self.entry.must_return = true;
                        self.entry.disposition = Some(without_wording(read, withheld));
                    }
                    None => self.keep(BookColumn::MustReturn, written, withheld),
                }
            }
        }
        let written = self.line.text(BookColumn::Disposition);
        let spoken =
            if ["是", "√", "✓", "已归"].contains(&written.as_str()) { "归档" } else { &written };
        match Disposition::read(spoken) {
            Some(read) => self.entry.disposition = Some(without_wording(read, withheld)),
            None if written.is_empty() || ["否", "未归档", "未"].contains(&written.as_str()) => {}
            None => self.keep(BookColumn::Disposition, written, withheld),
        }
        let reason = self.line.text(BookColumn::Reason);
        if !reason.is_empty() {
            match (&mut self.entry.disposition, Disposition::read(&reason)) {
                (Some(known), _) if !withheld => known.reason = Some(reason),
                (Some(_), _) => {}
                (none @ None, Some(read)) => {
                    *none = Some(if withheld { Disposition { reason: None, ..read } } else { read });
                }
                (None, None) => self.keep(BookColumn::Reason, reason, withheld),
            }
        }
        let on = self.line.text(BookColumn::Returned);
        if let Some(day) = day(&on) {
            let reason = self.entry.disposition.take().and_then(|known| known.reason);
            self.entry.disposition = Some(Disposition { reason, ..returned(Some(day)) });
        } else if !on.is_empty() {
            self.keep(BookColumn::Returned, on, withheld);
        }
        let on = self.line.text(BookColumn::DisposedOn);
        if let (Some(known), Some(day)) = (&mut self.entry.disposition, day(&on)) {
            known.on = known.on.or(Some(day));
        }
    }

    /// Says that a wording isn't understood, and keeps it with the remarks.
    fn keep(&mut self, column: BookColumn, written: String, withheld: bool) {
        if withheld {
            return;
        }
        let row = self.entry.label.register_no.clone();
        self.report(self.line.kept_in_remarks(column, &written, &row, expected(column)));
        self.unread.push((column, written));
    }

    fn refuse(&mut self, column: BookColumn, written: &str, help: Text) {
        self.refused = true;
        let row = self.entry.label.register_no.clone();
        self.report(self.line.unreadable(RuleId::I2, column, written, &row).with_help(help));
    }

    fn place(&self, column: BookColumn) -> archive_core::finding::Place {
        self.line.place(column, &self.entry.label.register_no)
    }

    fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

fn returned(on: Option<NaiveDate>) -> Disposition {
    Disposition { on, ..Disposition::of(DispositionKind::Returned) }
}

/// A whole day, as a cell holds it.
fn day(written: &str) -> Option<NaiveDate> {
    let date = cells::serial(written).map_or_else(|| ItemDate::read(written), ItemDate::from_excel_serial);
    match date.reading {
        DateReading::On(RecordDate::Day(day)) => Some(day),
        _ => None,
    }
}

/// What a column expects.
fn expected(column: BookColumn) -> Text {
    match column {
        BookColumn::MustReturn => Text::fixed("填 是 或 否", "write 是 or 否"),
        BookColumn::Returned => {
            Text::fixed("填退还的日期，如 2005-03-12", "write the day it went back, such as 2005-03-12")
        }
        _ => Text::fixed(
            "写作 归档、清退、销毁、无保存价值、作废 或 传阅，可带日期和说明",
            "write 归档, 清退, 销毁, 无保存价值, 作废 or 传阅, with a date and a note if you like",
        ),
    }
}

/// Of a classified paper, what became of it is kept, and not in whose words.
fn without_wording(read: Disposition, withheld: bool) -> Disposition {
    if withheld { Disposition { reason: None, ..read } } else { read }
}
