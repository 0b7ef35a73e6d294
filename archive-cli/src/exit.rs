//! How the command ends (CONTRACT.md, "Exit status"). Scripts rely on these numbers.

use std::process::ExitCode;

/// The ways a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, and nothing at error level.
    Done,
    /// Done, but with findings at error level, an invalid package, or nothing found.
    Findings,
    /// Wrong usage.
    Usage,
    /// Input or environment unusable: unreadable, damaged, in use, disk full.
    Unusable,
    /// A defect of the program.
    Defect,
    /// Interrupted by the user.
    Interrupted,
}

impl Exit {
    /// [`Exit::Findings`] if there is something at error level, else [`Exit::Done`].
    pub(crate) fn by_findings(findings: &[archive_core::finding::Finding]) -> Self {
        let bad = findings.iter().any(|f| f.severity == archive_core::finding::Severity::Error);
        if bad { Self::Findings } else { Self::Done }
    }

    /// The number the shell sees.
    pub(crate) const fn status(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Unusable => 3,
            Self::Defect => 4,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.status())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_numbers_are_the_contract_s() {
        let all = [Exit::Done, Exit::Findings, Exit::Usage, Exit::Unusable, Exit::Defect, Exit::Interrupted];
        assert_eq!(all.map(Exit::status), [0, 1, 2, 3, 4, 130]);
    }
}
