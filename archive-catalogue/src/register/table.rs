//! The sheets of a file with the headers they have: which of them are registers, and what of them nobody reads.

use std::collections::BTreeSet;

use archive_core::finding::{Finding, Place, Severity};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

use super::columns::{self, Header, Heading};
use super::error::RegisterError;
use super::grid::{self, Row, Sheet};
use super::record::{self, RowKind};
use super::sniff::{Format, sniff};
use super::{SheetReading, cells, delimited, workbook};

/// A sheet with its header row, if it has one.
pub(crate) struct Table<C> {
    pub(crate) sheet: Sheet,
    pub(crate) header: Option<Header<C>>,
}

/// A table that is being read.
pub(crate) struct Opened<'t, C> {
    /// What is said of it.
    pub(crate) sheet: SheetReading<C>,
    /// The rows that describe a document.
    pub(crate) records: Vec<&'t Row>,
    /// What stands beside them, and columns nobody reads.
    pub(crate) findings: Vec<Finding>,
}

impl<C: Heading> Table<C> {
    /// Whether its header names what is required.
    pub(crate) fn is_register(&self) -> bool {
        self.header.as_ref().is_some_and(|header| header.missing().is_empty())
    }

    /// The rows below the header.
    pub(crate) fn body(&self) -> &[Row] {
        let from = self.header.as_ref().map_or(0, |header| header.at + 1);
        self.sheet.rows.get(from..).unwrap_or_default()
    }

    /// The table as what is read of it says: its columns, the rows that describe a document, and what was passed
    /// over.
    pub(crate) fn open<'t>(&'t self, header: &Header<C>, file: &str) -> Opened<'t, C> {
        let header_row = self.sheet.rows.get(header.at).map_or(1, |row| row.number);
        let mut findings = columns_not_used(self, header, file, header_row);
        let mut records = Vec::new();
        let mut only_numbered: Vec<u32> = Vec::new();
        for row in self.body() {
            match record::kind(header, row) {
                RowKind::Record => records.push(row),
                RowKind::HeaderAgain => {}
                RowKind::OnlyNumbered => only_numbered.push(row.number),
                RowKind::Beside(what) => findings.push(record::passed_over(file, row, what)),
            }
        }
        if let (Some(first), Some(last)) = (only_numbered.first(), only_numbered.last()) {
            findings.push(record::only_numbered(file, *first, *last, only_numbered.len()));
        }
        let sheet =
            SheetReading { name: self.sheet.name.clone(), header_row, columns: header.columns.clone() };
        Opened { sheet, records, findings }
    }

    /// What to say of a sheet that isn't a register while another one is.
    pub(crate) fn left_aside(&self, file: String) -> Finding {
        let place = Place { file: Some(file), ..Place::default() };
        let help = Text::fixed(
            "若这张表也要导入，请加上表头；否则不必理会",
            "if it is to be imported too, give it a header row; otherwise ignore this",
        );
        match &self.header {
            Some(header) => {
                let missing = header.missing().join("、");
                Finding::new(
                    RuleId::I1,
                    place,
                    text!(
                        "这张工作表缺少「{missing}」列，没有读入",
                        "this sheet lacks {missing} and was not read"
                    ),
                )
                .at(Severity::Warning)
                .with_help(help)
            }
            None => Finding::new(
                RuleId::I1,
                place,
                Text::fixed(
                    "这张工作表没有登记表的表头，没有读入",
                    "this sheet has no header row of a register and was not read",
                ),
            )
            .at(Severity::Info)
            .with_help(help),
        }
    }
}

/// The sheets of a file that hold anything, with their headers; an error if none is a register.
pub(crate) fn tables<C: Heading>(bytes: &[u8]) -> Result<Vec<Table<C>>, RegisterError> {
    let sheets = match sniff(bytes)? {
        Format::Delimited => vec![delimited::read::<C>(bytes)?],
        format => workbook::read(bytes, format)?,
    };
    let tables: Vec<Table<C>> = sheets
        .into_iter()
        .filter(|sheet| !sheet.rows.is_empty())
        .map(|sheet| Table { header: columns::find_header(&sheet.rows), sheet })
        .collect();
    if tables.is_empty() {
        return Err(RegisterError::Empty);
    }
    if tables.iter().any(Table::is_register) {
        return Ok(tables);
    }
    let nearest = tables
        .iter()
        .filter_map(|table| Some((table, table.header.as_ref()?)))
        .max_by_key(|(_, header)| header.known());
    Err(match nearest {
        None => RegisterError::NoHeaderRow { nearest: None, missing: C::required() },
        Some((table, header)) => {
            let row = table.sheet.rows.get(header.at).map_or(1, |row| row.number);
            let found =
                header.columns.iter().filter_map(|c| Some(c.meaning?.canonical().to_owned())).collect();
            RegisterError::NoHeaderRow { nearest: Some((row, found)), missing: header.missing() }
        }
    })
}

/// A sheet as Excel refers to it: `[register.xlsx]永久`.
pub(crate) fn label(name: &str, sheet: Option<&str>) -> String {
    sheet.map_or_else(|| name.to_owned(), |sheet| format!("[{name}]{sheet}"))
}

/// Columns that hold something nobody will see again.
fn columns_not_used<C: Heading>(
    table: &Table<C>,
    header: &Header<C>,
    file: &str,
    header_row: u32,
) -> Vec<Finding> {
    let mut filled: BTreeSet<usize> = BTreeSet::new();
    for row in table.body() {
        if record::kind(header, row) == RowKind::Record {
            filled.extend(row.filled().map(|(index, _)| index));
        }
    }
    let place = |column: String| Place {
        file: Some(file.to_owned()),
        row: Some(header_row),
        column: Some(column),
        ..Place::default()
    };
    let mut findings: Vec<Finding> = Vec::new();
    let date_parts: Vec<usize> = header.split_date.iter().flatten().copied().flatten().collect();
    for column in header.unknown().filter(|c| filled.contains(&c.index) && !date_parts.contains(&c.index)) {
        let (name, letters) = (cells::excerpt(&column.header), &column.letters);
        let finding = if C::naming(&column.header).is_some() {
            let rival = C::naming(&column.header)
                .and_then(|meant| header.place(meant))
                .map_or_else(String::new, |rival| rival.header.clone());
            Finding::new(
                RuleId::I1,
                place(column.header.clone()),
                text!(
                    "{letters} 列「{name}」与「{rival}」列意思相同，没有读入",
                    "column {letters} ({name}) means the same as {rival} and was not read"
                ),
            )
            .at(Severity::Warning)
        } else {
            Finding::new(
                RuleId::I1,
                place(column.header.clone()),
                text!(
                    "{letters} 列「{name}」不是登记表的列，没有读入",
                    "column {letters} ({name}) is no column of a register and was not read"
                ),
            )
            .at(Severity::Info)
        };
        findings.push(finding.with_help(Text::fixed(
            "要保留的内容请并入备注列，或把表头改成登记表的列名",
            "move what is to be kept into 备注, or rename the header to a column of the register",
        )));
    }
    for index in filled.iter().filter(|index| !header.columns.iter().any(|column| column.index == **index)) {
        let letters = grid::letters(*index);
        findings.push(
            Finding::new(
                RuleId::I1,
                place(letters.clone()),
                text!(
                    "{letters} 列有内容而没有表头，没有读入",
                    "column {letters} holds something but has no header; it was not read"
                ),
            )
            .at(Severity::Warning)
            .with_help(Text::fixed("给这一列加上表头", "give the column a header")),
        );
    }
    findings
}
