//! Document numbers (文号, 发文字号): 建政办〔2005〕16号.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The parts of a document number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NumberParts {
    /// 代字: the code of the issuing office and kind, e.g. 建政办.
    pub code: String,
    /// The year, four digits; older forms have none.
    pub year: Option<i32>,
    /// 顺序号.
    pub serial: u32,
}

/// A document number: what stands on the paper, and its parts where they could be read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DocNumber {
    /// As written.
    pub original: String,
    /// As understood; more than one for a jointly issued paper, none if it follows no known form.
    pub parts: Vec<NumberParts>,
}

/// The normal form 代字〔年〕n号, or the original where it could not be read.
impl fmt::Display for DocNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.parts.is_empty() {
            return f.write_str(&self.original);
        }
        for (index, part) in self.parts.iter().enumerate() {
            if index > 0 {
                f.write_str("、")?;
            }
            match part.year {
                Some(year) => write!(f, "{}〔{year}〕{}号", part.code, part.serial)?,
                None => write!(f, "{}第{}号", part.code, part.serial)?,
            }
        }
        Ok(())
    }
}
