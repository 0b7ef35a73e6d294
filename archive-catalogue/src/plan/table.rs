//! A sheet of a plan that was given back, read by its headers.
//!
//! A person may have moved columns, added their own and filtered or sorted the lines; none of that
//! matters, as long as the headers are there.

use std::borrow::Cow;

use archive_core::finding::{Finding, Place};
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

    /// A cell as a person would point to it: `卷内!C12`.
    fn address(&self, header: &str) -> String {
        let at = self.table.places.iter().find(|(name, _)| *name == header).map_or(0, |(_, at)| *at);
        format!("{}{}", letters(at), self.row.number)
    }

    /// A finding about a cell; the message begins with where the cell is.
    pub(super) fn finding(&self, rule: RuleId, header: &'static str, said: Text, help: Text) -> Finding {
        let address = self.address(header);
        let Text { zh, en } = said;
        Finding::new(rule, self.place(header), archive_core::text!("{address} {zh}", "{address}: {en}"))
            .with_help(help)
    }

    /// Where a cell is.
    pub(super) fn place(&self, header: &'static str) -> Place {
        Place {
            file: Some(self.table.file.clone()),
            row: Some(self.row.number),
            column: Some(header.to_owned()),
            item: Some(self.cell(super::layout::ROW).into_owned()).filter(|row| !row.is_empty()),
            ..Place::default()
        }
    }
}
