//! A refusal: a clause forbids what somebody wants to do.
//!
//! A finding judges what *is*; a refusal stops what is *about to be*. The registers of an archive's daily
//! life (opening, reading room, loans, disposal) are state machines whose steps are functions that either
//! give the next state or a [`Refusal`]; it names the clause, so that nobody is turned away without being
//! told by which rule, and what would let them through.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::rules::RuleId;
use crate::text::Text;

/// Why something may not be done, by which rule, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Refusal {
    /// The rule that forbids it; its source is the clause.
    pub rule: RuleId,
    /// What is forbidden, of what.
    pub message: Text,
    /// What would let it through, in words that hold on paper, on a page and on a terminal.
    pub help: Text,
    /// The command or option that does so, for who is told on a terminal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Box<Text>>,
}

impl Refusal {
    /// A refusal with the rule's own remedy.
    pub fn new(rule: RuleId, message: Text) -> Self {
        Self { rule, message, help: rule.rule().remedy.clone(), command: None }
    }

    /// The same with a remedy of its own.
    #[must_use]
    pub fn with_help(mut self, help: Text) -> Self {
        self.help = help;
        self
    }

    /// The same with the command or option that would let it through.
    #[must_use]
    pub fn by_command(mut self, command: Text) -> Self {
        self.command = Some(Box::new(command));
        self
    }

    /// What is said to a person: the message, then the rule and the clause it comes from.
    pub fn told(&self) -> Text {
        let (rule, clause) = (self.rule, self.rule.rule().source);
        let Text { zh, en } = &self.message;
        Text::new(format!("{zh}（{rule}：{clause}）"), format!("{en} ({rule}: {clause})"))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.told().fmt(f)
    }
}

impl std::error::Error for Refusal {}
