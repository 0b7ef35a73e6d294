//! The year in numbers (统计年报): figures that can be traced to the records they count (X4).
//!
//! A figure isn't kept; it is the sum of its [`Evidence`], line by line, so that whoever doubts a number
//! can have every record behind it shown, and the annual inspection and the statistical form can't differ.

use serde::Serialize;

use crate::text::Text;

/// A record that a figure counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Evidence {
    /// What people call it: 档号, a loan's number, a package.
    pub code: String,
    /// What it is.
    pub title: String,
    /// When it came about, if that is what counts it.
    pub day: String,
    /// How much it adds to the figure.
    pub amount: u64,
}

impl Evidence {
    /// One record that counts as `amount`.
    pub fn new(
        code: impl Into<String>,
        title: impl Into<String>,
        day: impl Into<String>,
        amount: u64,
    ) -> Self {
        Self { code: code.into(), title: title.into(), day: day.into(), amount }
    }
}

/// A chapter of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Chapter {
    /// 馆（室）藏.
    Holdings,
    /// 接收与移交.
    Transfers,
    /// 鉴定与销毁.
    Disposal,
    /// 开放与利用.
    Use,
    /// 检索工具与数字化.
    Access,
    /// 库房与人员.
    House,
}

impl Chapter {
    /// Every chapter, in order.
    pub const ALL: [Self; 6] =
        [Self::Holdings, Self::Transfers, Self::Disposal, Self::Use, Self::Access, Self::House];

    /// Its title.
    pub const fn word(self) -> Text {
        match self {
            Self::Holdings => Text::fixed("馆（室）藏", "Holdings"),
            Self::Transfers => Text::fixed("接收与移交", "Accessions and transfers"),
            Self::Disposal => Text::fixed("鉴定与销毁", "Appraisal and destruction"),
            Self::Use => Text::fixed("开放与利用", "Opening and use"),
            Self::Access => Text::fixed("检索工具与数字化", "Finding aids and digital copies"),
            Self::House => Text::fixed("库房与人员", "Storeroom and people"),
        }
    }
}

/// A figure with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// Its stable name, as `--show` takes it: `holdings.volumes.permanent`.
    pub key: String,
    /// Where it stands.
    pub chapter: Chapter,
    /// What it counts.
    pub label: Text,
    /// In what: 卷, 件, 人次.
    pub unit: Text,
    /// The records behind it.
    pub evidence: Vec<Evidence>,
}

impl Figure {
    /// The number: the sum of its evidence.
    pub fn value(&self) -> u64 {
        self.evidence.iter().map(|one| one.amount).sum()
    }
}

/// The figures of a year, in the order of the report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    figures: Vec<Figure>,
}

impl Figures {
    /// Adds a figure; its evidence is put in order.
    pub fn add(
        &mut self,
        chapter: Chapter,
        key: impl Into<String>,
        label: Text,
        unit: Text,
        mut evidence: Vec<Evidence>,
    ) {
        evidence.sort();
        self.figures.push(Figure { key: key.into(), chapter, label, unit, evidence });
    }

    /// Adds a figure for each group of evidence, by the group's name, in their order; nothing where there is no
    /// group.
    pub fn add_groups(
        &mut self,
        chapter: Chapter,
        key: &str,
        unit: &Text,
        label: impl Fn(&str) -> Text,
        groups: impl IntoIterator<Item = (String, Vec<Evidence>)>,
    ) {
        for (name, evidence) in groups {
            self.add(chapter, format!("{key}.{name}"), label(&name), unit.clone(), evidence);
        }
    }

    /// All of them.
    pub fn all(&self) -> &[Figure] {
        &self.figures
    }

    /// Those of a chapter.
    pub fn of(&self, chapter: Chapter) -> impl Iterator<Item = &Figure> {
        self.figures.iter().filter(move |figure| figure.chapter == chapter)
    }

    /// The figure with this name, or whose label it is.
    pub fn named(&self, name: &str) -> Option<&Figure> {
        let name = name.trim();
        self.figures.iter().find(|figure| {
            figure.key.eq_ignore_ascii_case(name) || figure.label.zh == name || figure.label.en == name
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_figure_is_always_the_sum_of_what_it_shows(amounts in proptest::collection::vec(0..1000_u64, 0..20)) {
            let evidence: Vec<Evidence> =
                amounts.iter().zip(1..).map(|(amount, at)| Evidence::new(at.to_string(), "", "", *amount)).collect();
            let mut figures = Figures::default();
            figures.add(Chapter::Holdings, "holdings.volumes", Text::fixed("卷数", "volumes"), Text::fixed("卷", "volumes"), evidence);
            let figure = figures.named("holdings.volumes").unwrap();
            prop_assert_eq!(figure.value(), amounts.iter().sum::<u64>());
            prop_assert_eq!(figures.named("卷数"), Some(figure));
        }
    }
}
