//! Why a file can't be read as a register at all.
//!
//! Faults inside a register are findings. These are the cases in which there is no register to find
//! faults in: each says what the file is instead, and what to do.

use archive_core::text;
use archive_core::text::Text;

use super::sniff::Lookalike;

/// Why there is no register in a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// The file has no bytes, or nothing in any cell.
    #[error("{}", self.message())]
    Empty,
    /// It is something else: a picture, a web page, a text document.
    #[error("{}", self.message())]
    NotASpreadsheet(Lookalike),
    /// The workbook is encrypted.
    #[error("{}", self.message())]
    Password,
    /// It is a spreadsheet, but broken: cut short, or its parts don't fit.
    #[error("{}", self.message())]
    Damaged {
        /// What the reader of the format says.
        detail: String,
    },
    /// Unpacked, the workbook would be larger than any register.
    #[error("{}", self.message())]
    TooLarge {
        /// Its size when unpacked, in bytes.
        bytes: u64,
    },
    /// No row in any sheet names a 题名 column and a 日期 column.
    #[error("{}", self.message())]
    NoHeaderRow {
        /// The row that comes nearest to a header row, if one does: its number and what it names.
        nearest: Option<(u32, Vec<String>)>,
        /// Canonical headers that are required and missing in it.
        missing: Vec<&'static str>,
    },
    /// A register could not be written: what the spreadsheet writer says.
    #[error("{}", self.message())]
    Unwritable {
        /// What the writer says.
        detail: String,
    },
}

impl RegisterError {
    /// What is wrong.
    pub fn message(&self) -> Text {
        match self {
            Self::Empty => Text::fixed("登记表是空的", "the register is empty"),
            Self::NotASpreadsheet(what) => {
                let Text { zh, en } = what.name();
                text!("这不是电子表格，而是{zh}", "this is no spreadsheet but {en}")
            }
            Self::Password => Text::fixed("工作簿设有打开密码", "the workbook is protected by a password"),
            Self::Damaged { detail } => {
                text!("电子表格已损坏：{detail}", "the spreadsheet is damaged: {detail}")
            }
            Self::TooLarge { bytes } => {
                let mebibytes = bytes / 1_048_576;
                text!(
                    "工作簿展开后有 {mebibytes} MiB，不可能是登记表",
                    "unpacked, the workbook has {mebibytes} MiB: no register is that large"
                )
            }
            Self::NoHeaderRow { nearest: None, .. } => Text::fixed(
                "没有找到表头：没有一行写有「题名」和「日期」",
                "no header row: no row names 题名 and 日期",
            ),
            Self::NoHeaderRow { nearest: Some((row, found)), missing } => {
                let found = found.join("、");
                let missing = missing.join("、");
                text!(
                    "表头缺少「{missing}」：第 {row} 行最像表头，写有 {found}",
                    "the header row lacks {missing}: row {row} comes nearest, with {found}"
                )
            }
            Self::Unwritable { detail } => {
                text!("登记表无法写出：{detail}", "the register can't be written: {detail}")
            }
        }
    }

    /// What to do.
    pub fn help(&self) -> Text {
        match self {
            Self::Empty => Text::fixed("请检查是否选错了文件", "check that it is the right file"),
            Self::NotASpreadsheet(what) => what.help(),
            Self::Password => Text::fixed(
                "请在 Excel 或 WPS 中打开，去掉密码后另存",
                "open it in Excel or WPS, remove the password and save it again",
            ),
            Self::Damaged { .. } | Self::TooLarge { .. } => Text::fixed(
                "请用 Excel 或 WPS 打开后另存为 xlsx；打不开时请重新取得原文件",
                "open it in Excel or WPS and save it as xlsx; if it doesn't open, get the file again",
            ),
            Self::NoHeaderRow { .. } => Text::fixed(
                "请在各列上方加一行表头：序号、文号、责任者、题名、日期、页数……，其中题名、日期必须有",
                "put a header row above the columns: 序号, 文号, 责任者, 题名, 日期, 页数 …; 题名 and 日期 are required",
            ),
            Self::Unwritable { .. } => Text::fixed("请改用 csv 格式", "use the csv format instead"),
        }
    }
}
