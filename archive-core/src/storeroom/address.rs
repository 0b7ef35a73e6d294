//! Where something stands: 库房/架/层/盒.
//!
//! An address is written as people say it, from the room inwards: `1/A03/2/B015` is box B015 on the
//! second level of shelf A03 in room 1. Whatever is left out at the end isn't known or doesn't exist: a box
//! may stand on a shelf without levels, a large volume on a level without a box.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Address {
    /// 库房号.
    pub room: String,
    /// 架号, 柜号.
    pub shelf: Option<String>,
    /// 层 from the top, from 1.
    pub level: Option<u16>,
    /// 盒号.
    pub case: Option<String>,
}

/// What can't be read as an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}”不是库位：写作 库房/架/层/盒，如 1/A03/2/B015 / {0} is no place: write room/shelf/level/box, e.g. 1/A03/2/B015"
)]
pub struct NotAnAddress(pub String);

impl Address {
    /// A shelf of a room.
    pub fn shelf(room: impl Into<String>, shelf: impl Into<String>) -> Self {
        Self { room: room.into(), shelf: Some(shelf.into()), level: None, case: None }
    }

    /// As a sentence has it: 1 库 A03 架 第 2 层 B015 盒.
    pub fn spoken(&self) -> String {
        let mut said = format!("{} 库", self.room);
        if let Some(shelf) = &self.shelf {
            said.extend([" ", shelf, " 架"]);
        }
        if let Some(level) = self.level {
            said.extend([" 第 ", &level.to_string(), " 层"]);
        }
        if let Some(case) = &self.case {
            said.extend([" ", case, " 盒"]);
        }
        said
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.room)?;
        if let Some(shelf) = &self.shelf {
            write!(f, "/{shelf}")?;
        }
        match (self.level, &self.case) {
            (Some(level), _) => write!(f, "/{level}")?,
            (None, Some(_)) => f.write_str("/-")?,
            (None, None) => {}
        }
        if let Some(case) = &self.case {
            write!(f, "/{case}")?;
        }
        Ok(())
    }
}

impl FromStr for Address {
    type Err = NotAnAddress;

    /// Reads `1/A03/2/B015`, its beginnings, and `1/A03/-/B015` for a shelf without levels.
    fn from_str(written: &str) -> Result<Self, NotAnAddress> {
        let refuse = || NotAnAddress(written.to_owned());
        let parts: Vec<String> = written
            .split(['/', '／'])
            .map(|part| part.trim().trim_end_matches(['库', '架', '柜', '层', '盒']).trim().to_owned())
            .collect();
        let [room, rest @ ..] = &parts[..] else { return Err(refuse()) };
        if room.is_empty() || rest.len() > 3 {
            return Err(refuse());
        }
        let some = |place: usize| rest.get(place).filter(|part| !part.is_empty() && *part != "-").cloned();
        let level = match some(1) {
            None => None,
            Some(level) => {
                let number = level.trim_start_matches('第').trim().parse().map_err(|_| refuse())?;
                if number == 0 {
                    return Err(refuse());
                }
                Some(number)
            }
        };
        let address = Self { room: room.clone(), shelf: some(0), level, case: some(2) };
        if address.shelf.is_none() && (address.level.is_some() || address.case.is_some()) {
            return Err(refuse());
        }
        Ok(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_written() {
        for written in ["1", "1/A03", "1/A03/2", "1/A03/2/B015", "1/A03/-/B015"] {
            let address: Address = written.parse().unwrap();
            assert_eq!(address.to_string(), written);
        }
        let spoken: Address = "1库/A03架/第2层/B015盒".parse().unwrap();
        assert_eq!(spoken.to_string(), "1/A03/2/B015");
        assert_eq!(spoken.spoken(), "1 库 A03 架 第 2 层 B015 盒");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for written in ["", "/A03", "1/A03/x", "1/A03/0", "1/A/2/B/5", "1/-/2", "1//2"] {
            assert!(written.parse::<Address>().is_err(), "{written}");
        }
    }
}
