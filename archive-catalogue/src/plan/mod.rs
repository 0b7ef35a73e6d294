//! The proposed arrangement as a workbook a person reads, changes and gives back.
//!
//! [`archive_core::arrange::Plan`] says what a plan is and what an edit means; this module is its paper.
//! [`write()`] sets it out for reading and editing: 案卷, a line for each volume; 卷内文件, a line for each
//! item with its volume, its place and why it stands there; 关联, the ties the program proposes, the
//! least sure first; 理由, every reason with its rule; 说明, how to work with it. What is doubtful is
//! coloured, and what has few values has a list to choose from. [`read`] takes it back.
//!
//! **All or nothing.** Every mistake is found, whether a cell can't be read or the plan can't be carried
//! out, with its sheet, row and column; as long as there is one, [`PlanReading::result`] is empty.
//!
//! **Late items.** A hidden sheet holds what the plan was made of. Items that came since are left out of
//! the comparison and arranged beside the plan; if anything else changed meanwhile, the plan no longer
//! fits and is refused as a whole.
//!
//! `layout` names sheets and columns; `write` and `table`, `read` know cells; `apply` joins what the
//! cells say with what the plan means.

mod apply;
mod layout;
mod read;
mod table;
mod write;

use archive_core::arrange::Decisions;
use archive_core::finding::Finding;
use archive_core::model::{Arrangement, Institution, Item};
use archive_core::profile::Profile;
use archive_core::text::Text;

use crate::register::RegisterError;

pub use write::write;

/// What a plan is about: the arguments of [`arrange`](archive_core::arrange::arrange), and its result.
#[derive(Clone, Copy)]
pub struct Proposal<'a> {
    /// The items arranged.
    pub items: &'a [Item],
    /// Whose they are.
    pub institution: &'a Institution,
    /// By which rules.
    pub profile: &'a Profile,
    /// What a person decided before.
    pub decisions: &'a Decisions,
    /// What came of it.
    pub arrangement: &'a Arrangement,
}

/// What a workbook that was given back came to.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanReading {
    /// What is decided now, and the arrangement that gives; nothing if the workbook has mistakes.
    pub result: Option<(Decisions, Arrangement)>,
    /// The mistakes, all of them.
    pub findings: Vec<Finding>,
}

/// Whether some bytes are a plan, or were meant as one: a workbook with its first two sheets.
pub fn is_plan(bytes: &[u8]) -> bool {
    let has = |sheets: &[crate::register::grid::Sheet], name: &str| {
        sheets.iter().any(|sheet| sheet.name.as_deref().is_some_and(|found| found.trim() == name))
    };
    read::open(bytes)
        .is_ok_and(|sheets| has(&sheets, layout::VOLUMES.name) && has(&sheets, layout::CONTENTS.name))
}

/// Reads a plan that was given back. `name` is what findings call the file; `proposal` is the
/// arrangement as it stands now. What changed is told by [`diff`](archive_core::arrange::diff) of the two
/// arrangements.
///
/// # Errors
///
/// [`PlanError`], when the file is no plan at all. Mistakes in a plan are findings.
pub fn read(name: &str, bytes: &[u8], proposal: Proposal<'_>) -> Result<PlanReading, PlanError> {
    let sheets = read::open(bytes)?;
    let tables = read::Tables::find(name, &sheets)?;
    Ok(apply::apply(proposal, &tables))
}

/// Why a file can't be taken for a plan, or a plan can't be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// It can't be opened as a workbook.
    #[error("{0}")]
    Workbook(#[from] RegisterError),
    /// A sheet of the plan is missing.
    #[error("{}", self.message())]
    NoSheet(&'static str),
    /// A column of the plan is missing.
    #[error("{}", self.message())]
    NoColumn {
        /// The sheet.
        sheet: &'static str,
        /// The columns that aren't there.
        columns: Vec<&'static str>,
    },
    /// The plan is too large for a workbook, or the writer failed.
    #[error("{}", self.message())]
    Unwritable {
        /// What the writer says.
        detail: String,
    },
}

impl PlanError {
    /// What is wrong.
    pub fn message(&self) -> Text {
        match self {
            Self::Workbook(error) => error.message(),
            Self::NoSheet(sheet) => archive_core::text!(
                "这不是组卷方案：没有「{sheet}」工作表",
                "this is no plan: there is no sheet {sheet}"
            ),
            Self::NoColumn { sheet, columns } => {
                let columns = columns.join("、");
                archive_core::text!(
                    "工作表「{sheet}」缺少列：{columns}",
                    "sheet {sheet} lacks columns: {columns}"
                )
            }
            Self::Unwritable { detail } => {
                archive_core::text!("方案无法写出：{detail}", "the plan can't be written: {detail}")
            }
        }
    }

    /// What to do.
    pub fn help(&self) -> Text {
        match self {
            Self::Workbook(error) => error.help(),
            Self::NoSheet(_) | Self::NoColumn { .. } => Text::fixed(
                "请用 archive arrange --plan 重新导出方案，在其中修改，不要删除工作表和表头",
                "write the plan again with archive arrange --plan and edit that one, keeping its sheets and headers",
            ),
            Self::Unwritable { .. } => {
                Text::fixed("请分年度导出方案（--year）", "write a plan for each year (--year)")
            }
        }
    }
}
