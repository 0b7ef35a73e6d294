//! Sentences for people, always in both languages.
//!
//! A message is made once, where it is known what happened, and shown later by someone who knows who
//! is reading. So each carries its Chinese and its English form; the [`text!`](crate::text!) macro
//! takes both at once, and a message with one language missing doesn't compile.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The languages the product speaks. Chinese is the default everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Chinese (简体中文).
    #[default]
    Zh,
    /// English.
    En,
}

impl FromStr for Lang {
    type Err = ();

    /// Reads `zh`, `en`, or a locale name such as `zh_CN.UTF-8` or `en-GB`.
    fn from_str(name: &str) -> Result<Self, ()> {
        let language = name.split(['_', '-', '.', '@']).next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "zh" => Ok(Self::Zh),
            "en" => Ok(Self::En),
            _ => Err(()),
        }
    }
}

/// A sentence in Chinese and in English.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Text {
    /// The Chinese form.
    pub zh: Cow<'static, str>,
    /// The English form.
    pub en: Cow<'static, str>,
}

/// So that an error of the system's kind (`std::io::Error`) can carry both languages.
impl std::error::Error for Text {}

impl Text {
    /// A sentence known when the program was written.
    pub const fn fixed(zh: &'static str, en: &'static str) -> Self {
        Self { zh: Cow::Borrowed(zh), en: Cow::Borrowed(en) }
    }

    /// A sentence made at run time; [`text!`](crate::text!) is the convenient way.
    pub fn new(zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The sentence in one language.
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// The sentence with the command that does what it says, if there is one: for who is told on a terminal.
    #[must_use]
    pub fn with_command(&self, command: Option<&Self>) -> Self {
        match command {
            Some(Self { zh, en }) => Self::new(format!("{}：{zh}", self.zh), format!("{}: {en}", self.en)),
            None => self.clone(),
        }
    }
}

/// Both languages with a slash between: for logs and for errors whose reader isn't known.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.zh, self.en)
    }
}

/// Makes a [`Text`] from two format strings that share the variables in scope.
///
/// ```
/// let row = 7;
/// let said = archive_core::text!("第 {row} 行缺题名", "row {row} has no title");
/// assert_eq!(said.zh, "第 7 行缺题名");
/// assert_eq!(said.en, "row 7 has no title");
/// ```
#[macro_export]
macro_rules! text {
    ($zh:literal, $en:literal $(,)?) => {
        $crate::text::Text::new(::std::format!($zh), ::std::format!($en))
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_name_gives_its_language() {
        assert_eq!("zh_CN.UTF-8".parse(), Ok(Lang::Zh));
        assert_eq!("en-GB".parse(), Ok(Lang::En));
        assert_eq!("C.UTF-8".parse::<Lang>(), Err(()));
    }
}
