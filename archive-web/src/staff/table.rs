//! Registers as tables: what several pages show alike.

use askama::Template;

use crate::frame::Frame;

/// A cell: what it says.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) is_number: bool,
}

impl Cell {
    /// A cell with a number.
    pub(super) fn number(of: impl std::fmt::Display) -> Self {
        Self { text: format!("{of}"), is_number: true }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self { text: text.into(), is_number: false }
    }
}

/// A table under its caption.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) heads: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// A page of tables.
#[derive(Template)]
#[template(path = "staff/tables.html")]
pub(super) struct Page {
    pub(super) frame: Frame,
    pub(super) about: String,
    pub(super) tables: Vec<Table>,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}
