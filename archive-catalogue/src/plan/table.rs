//! A sheet of a plan that was given back, read by its headers.
//!
//! A person may have moved columns, added their own and filtered or sorted the lines; none of that
//! matters, as long as the headers are there.

use std::borrow::Cow;

use archive_core::finding::{Finding, Place, Severity};
use archive_core::rules::RuleId;
use archive_core::text::Text;

use super::PlanError;
use super::layout::SheetLayout;
use crate::register::grid::{Row, Sheet, letters};

/// A sheet with its columns found.
pub(super) struct Table<'a> {
    file: String,
    /// Where each column of the layout stands.
    places: Vec<(&'static str, usize)>,
    rows: &'a [Row],
}

/// A line of a sheet.
#[derive(Clone, Copy)]
pub(super) struct Line<'t, 'a> {
    table: &'t Table<'a>,
    row: &'a Row,
}

impl<'a> Table<'a> {
    /// Finds a sheet and the columns `needed` in it; others of the layout may be missing.
    pub(super) fn find(
        name: &str,
        sheets: &'a [Sheet],
        layout: &SheetLayout,
        needed: &[&'static str],
    ) -> Result<Self, PlanError> {
        let sheet = sheets
            .iter()
            .find(|sheet| sheet.name.as_deref().is_some_and(|found| found.trim() == layout.name))
            .ok_or(PlanError::NoSheet(layout.name))?;
        let located = |row: &Row| -> Vec<(&'static str, usize)> {
            let at = |header: &str| row.filled().find(|(_, shown)| shown.trim() == header).map(|(at, _)| at);
            layout.columns.iter().filter_map(|(header, _)| Some((*header, at(header)?))).collect()
        };
        // A person may have set a title above.
        let (head, places) = sheet
            .rows
            .iter()
            .take(5)
            .map(located)
            .enumerate()
            .max_by_key(|(at, places)| (places.len(), std::cmp::Reverse(*at)))
            .unwrap_or_default();
        let missing: Vec<&'static str> =
            needed.iter().copied().filter(|header| !places.iter().any(|(name, _)| name == header)).collect();
        if !missing.is_empty() {
            return Err(PlanError::NoColumn { sheet: layout.name, columns: missing });
        }
        let rows = sheet.rows.get(head + 1..).unwrap_or_default();
        Ok(Self { file: format!("[{name}]{}", layout.name), places, rows })
    }

    /// Where a cell is, said as a person would point to it: `[plan.xlsx]案卷`, row, column, and `C12`.
    pub(super) fn locate(&self, row: Option<u32>, header: &str) -> (Place, String) {
        let at = self.places.iter().find(|(name, _)| *name == header).map_or(0, |(_, at)| *at);
        let address = row.map(|row| format!("{}{row} ", letters(at))).unwrap_or_default();
        let place =
            Place { file: Some(self.file.clone()), row, column: Some(header.to_owned()), ..Place::default() };
        (place, address)
    }

    /// The lines that hold anything in a column of the plan.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'_, 'a>> {
        self.rows
            .iter()
            .map(|row| Line { table: self, row })
            .filter(|line| self.places.iter().any(|(header, _)| !line.cell(header).is_empty()))
    }
}

impl<'a> Line<'_, 'a> {
    /// What a cell shows, without blanks around it; empty if the column is missing.
    pub(super) fn cell(&self, header: &str) -> Cow<'a, str> {
        let Some((_, at)) = self.table.places.iter().find(|(name, _)| *name == header) else {
            return Cow::Borrowed("");
        };
        match self.row.cell(*at).shown() {
            Cow::Borrowed(shown) => Cow::Borrowed(shown.trim()),
            Cow::Owned(shown) => Cow::Owned(shown.trim().to_owned()),
        }
    }

    /// The row it stands in, as the workbook shows it.
    pub(super) fn number(&self) -> u32 {
        self.row.number
    }

    /// A mistake in a cell; the message begins with where the cell is.
    pub(super) fn mistake(&self, rule: RuleId, header: &'static str, said: Text, help: Text) -> Finding {
        let (place, address) = self.table.locate(Some(self.row.number), header);
        let Text { zh, en } = said;
        Finding::new(rule, place, archive_core::text!("{address}{zh}", "{address}{en}"))
            .at(Severity::Error)
            .with_help(help)
    }
}
