//! Findings: what a check saw, where, by which rule, and what to do about it.
//!
//! Nothing in this workspace stops at the first fault. Every check returns all its findings; the
//! caller sorts them with [`sort`] and shows them all. A finding is worth reading only if a person
//! can go to the place and mend it, so [`Place`] names the cell of a register or the volume, item and
//! field of a repository, and `help` says what to do.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::rules::RuleId;
use crate::text::Text;

/// What a check does with a breach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Stops numbering, printing the final catalogue, and transfer.
    Error,
    /// Printed, and kept in the note of the volume (备考表).
    Warning,
    /// Advice.
    Info,
}

impl Severity {
    /// The word for it, in both languages.
    pub const fn word(self) -> Text {
        match self {
            Self::Error => Text::fixed("错误", "error"),
            Self::Warning => Text::fixed("警告", "warning"),
            Self::Info => Text::fixed("提示", "info"),
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.word().en)
    }
}

/// Where a finding speaks of. Parts that don't apply are absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// A file, as the user named it, or a path inside a package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The sheet of a workbook, by its tab.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The row in the file, counted as a spreadsheet shows it (the header is row 1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The column's header in the file, as the file writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The year of records (年度), where a whole year is spoken of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    /// The volume: its archival code, or its title before it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume: Option<String>,
    /// The item: its archival code, or its 序号 in the register before it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The field, by its canonical header (题名, 日期 …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The cell as a spreadsheet calls it: `E275`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
}

impl Place {
    /// What items are sorted by: rows and codes end in numbers, and 2 comes before 10.
    fn item_key(&self) -> Option<(&str, u64)> {
        let item = self.item.as_deref()?;
        let stem = item.trim_end_matches(|c: char| c.is_ascii_digit());
        Some((stem, item.get(stem.len()..).and_then(|digits| digits.parse().ok()).unwrap_or(0)))
    }
}

/// What a cell holds, and which part of it is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Excerpt {
    /// The text of the cell, or as much of it as is needed; empty if the cell is.
    pub text: String,
    /// The first wrong character, counted from 0.
    pub start: usize,
    /// One past the last wrong character.
    pub end: usize,
}

impl Excerpt {
    /// A text that is wrong as a whole.
    pub fn whole(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { start: 0, end: text.chars().count(), text }
    }

    /// A text of which `part` is wrong: its first occurrence, or the whole if it isn't there.
    pub fn part(text: &str, part: &str) -> Self {
        match text.find(part).filter(|_| !part.is_empty()) {
            Some(at) => {
                let start = text[..at].chars().count();
                Self { text: text.to_owned(), start, end: start + part.chars().count() }
            }
            None => Self::whole(text),
        }
    }

    /// The wrong part.
    pub fn marked(&self) -> String {
        self.text.chars().skip(self.start).take(self.end.saturating_sub(self.start)).collect()
    }
}

/// One thing a check saw.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Finding {
    /// The rule it rests on.
    pub rule: RuleId,
    /// How much it weighs: the rule's own severity unless the profile changes it.
    pub severity: Severity,
    /// Where.
    #[serde(rename = "where")]
    pub place: Place,
    /// What was seen, one sentence.
    pub message: Text,
    /// What to do, one sentence, in words that hold on paper, on a page and on a terminal.
    pub help: Text,
    /// The command that does it, for who is told on a terminal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Text>,
    /// The cell it speaks of, with the wrong part marked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
    /// What it would weigh if the institution's profile hadn't changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_from: Option<Severity>,
}

impl Finding {
    /// A finding with the rule's own severity and help, to be refined with the methods below.
    pub fn new(rule: RuleId, place: Place, message: Text) -> Self {
        let text = rule.rule();
        Self {
            rule,
            severity: text.severity,
            place,
            message,
            help: text.remedy.clone(),
            command: None,
            excerpt: None,
            changed_from: None,
        }
    }

    /// The same finding, with the part of its cell that is wrong.
    #[must_use]
    pub fn marking(mut self, part: impl Into<String>) -> Self {
        self.excerpt = Some(Excerpt::whole(part));
        self
    }

    /// The same finding with another severity.
    #[must_use]
    pub fn at(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same finding with a remedy of its own.
    #[must_use]
    pub fn with_help(mut self, help: Text) -> Self {
        self.help = help;
        self
    }

    /// The same finding with the command that mends it.
    #[must_use]
    pub fn by_command(mut self, command: Text) -> Self {
        self.command = Some(command);
        self
    }

    /// What to do, as it is said on a terminal.
    pub fn help_on_terminal(&self) -> Text {
        self.help.with_command(self.command.as_ref())
    }
}

/// Puts findings in the order people read them in: by place (file, sheet, row, volume, item), then severity,
/// then rule. The same findings always come out in the same order.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (
            &a.place.file,
            &a.place.sheet,
            a.place.row,
            &a.place.volume,
            a.place.item_key(),
            a.severity,
            a.rule,
            &a.place,
            &a.message,
        )
            .cmp(&(
                &b.place.file,
                &b.place.sheet,
                b.place.row,
                &b.place.volume,
                b.place.item_key(),
                b.severity,
                b.rule,
                &b.place,
                &b.message,
            ))
    });
}

/// How many findings there are of each severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Findings at error level.
    pub error: usize,
    /// Findings at warning level.
    pub warning: usize,
    /// Advice.
    pub info: usize,
}

impl Counts {
    /// Counts them.
    pub fn of(findings: &[Finding]) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            match finding.severity {
                Severity::Error => counts.error += 1,
                Severity::Warning => counts.warning += 1,
                Severity::Info => counts.info += 1,
            }
        }
        counts
    }
}
