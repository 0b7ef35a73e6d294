//! What leaves the room on paper: excerpts and copies, checked, marked with their source and stamped (U7), and
//! what they cost.

use serde::{Deserialize, Serialize};

use super::words::Action;
use crate::people::People;
use crate::refusal::Refusal;
use crate::rules::RuleId;
use crate::text::Text;

/// A line of the price list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Price {
    /// What it is for: 复印 A4.
    pub name: String,
    /// What is counted: 页.
    pub unit: String,
    /// The price of one, in 分 (a hundredth of a yuan).
    pub cents: u32,
}

/// What is written on excerpts and copies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Stamp {
    /// The sentence of the source, with `{kind}`, `{archives}`, `{code}` and `{pages}` filled in.
    pub source: String,
    /// Whose stamp stands there, with `{archives}` filled in.
    pub holder: String,
}

impl Default for Stamp {
    fn default() -> Self {
        Self {
            source: "本件{kind}自{archives}馆藏档案，档号 {code}，第 {pages} 页，与原件核对无误。".to_owned(),
            holder: "{archives}（盖章）".to_owned(),
        }
    }
}

/// What was charged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// The line of the price list.
    pub name: String,
    /// How many.
    pub count: u32,
    /// Altogether, in 分.
    pub cents: u64,
}

impl Price {
    /// What so many cost.
    pub fn of(&self, count: u32) -> Fee {
        Fee { name: self.name.clone(), count, cents: u64::from(self.cents) * u64::from(count) }
    }
}

/// An excerpt or copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// Its number: 2005-0001-1, the use and a running number in it.
    pub no: String,
    /// Excerpt or copy.
    pub kind: Action,
    /// The record, by its code or, without one, its document number or title.
    pub record: String,
    /// Its title.
    pub title: String,
    /// The pages, as written: 3-4.
    pub pages: String,
    /// How many pages these are.
    pub page_count: u32,
    /// How many copies of each.
    pub copies: u32,
    /// The words written out, of an excerpt.
    pub text: String,
    /// Who made it.
    pub made_by: String,
    /// Who checked it against the original: another person.
    pub checked_by: String,
    /// Who approved it, where it is of a classified record (S3).
    pub approved_by: String,
    /// Whom each copy of a classified record went to (S3).
    pub given_to: Vec<String>,
    /// Whether it is of a classified record.
    pub classified: bool,
    /// What it cost.
    pub fee: Option<Fee>,
}

impl Slip {
    /// Refuses what may not go out: unchecked, checked by who made it, or a copy of a classified record that
    /// nobody answers for.
    pub fn judged(self) -> Result<Self, Refusal> {
        if self.checked_by.trim().is_empty() {
            return Err(Refusal::new(
                RuleId::U7,
                Text::fixed("没有核对人，摘抄件、复制件不得盖章", "nobody checked it: it can't be stamped"),
            )
            .with_help(Text::fixed("写明核对人", "name who checked it"))
            .by_command(Text::fixed("--checked-by 姓名", "--checked-by NAME")));
        }
        People::two_people(&self.made_by, &self.checked_by, RuleId::U7)?;
        if self.classified {
            if self.approved_by.trim().is_empty() {
                return Err(Refusal::new(
                    RuleId::S3,
                    Text::fixed("复制涉密文件没有批准", "copying a classified record needs an approval"),
                )
                .with_help(Text::fixed("写明批准人", "name who approved it"))
                .by_command(Text::fixed("--approved-by 姓名", "--approved-by NAME")));
            }
            if self.given_to.len() as u64 != u64::from(self.copies) {
                return Err(Refusal::new(
                    RuleId::S3,
                    Text::fixed(
                        "涉密复制件的份数和去向对不上",
                        "the register must tell where each copy of a classified record went",
                    ),
                )
                .with_help(Text::fixed("逐份写明去向", "say where each copy went"))
                .by_command(Text::fixed("每份一个 --to 去向", "--to once for each copy")));
            }
        }
        Ok(self)
    }
}

impl Stamp {
    /// The sentence of the source on a slip.
    pub fn said(&self, slip: &Slip, archives: &str) -> String {
        let kind = match slip.kind {
            Action::Excerpt => "摘抄",
            Action::Read | Action::Copy => "复制",
        };
        self.source
            .replace("{kind}", kind)
            .replace("{archives}", archives)
            .replace("{code}", &slip.record)
            .replace("{pages}", &slip.pages)
    }

    /// Whose stamp stands below it.
    pub fn holder(&self, archives: &str) -> String {
        self.holder.replace("{archives}", archives)
    }
}

/// An amount of 分 as people write it: 12.50 元.
impl Fee {
    /// The amount in yuan.
    pub fn yuan(cents: u64) -> String {
        format!("{}.{:02}", cents / 100, cents % 100)
    }
}

/// How many pages a list such as `3-5,8` names; none if it names none.
pub fn count_pages(written: &str) -> Option<u32> {
    let mut count: u32 = 0;
    for part in written.split([',', '，', '、', ';', '；']) {
        let part = part.trim();
        let (from, to) = part.split_once(['-', '—', '～', '~', '至']).unwrap_or((part, part));
        let (from, to): (u32, u32) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        if from == 0 || to < from {
            return None;
        }
        count = count.checked_add(to - from + 1)?;
    }
    Some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slip() -> Slip {
        Slip {
            no: "2005-0001-1".into(),
            kind: Action::Copy,
            record: "J019-2004-001-003".into(),
            title: "关于防汛工作的通知".into(),
            pages: "3-4".into(),
            page_count: 2,
            copies: 1,
            text: String::new(),
            made_by: "甲".into(),
            checked_by: "乙".into(),
            approved_by: String::new(),
            given_to: Vec::new(),
            classified: false,
            fee: None,
        }
    }

    #[test]
    fn a_slip_goes_out_checked_by_another() {
        assert!(slip().judged().is_ok());
        assert_eq!(Slip { checked_by: " ".into(), ..slip() }.judged().unwrap_err().rule, RuleId::U7);
        assert_eq!(Slip { checked_by: "甲".into(), ..slip() }.judged().unwrap_err().rule, RuleId::U7);
    }

    #[test]
    fn copies_of_a_classified_record_are_approved_and_each_is_accounted_for() {
        let secret = Slip { classified: true, copies: 2, ..slip() };
        assert_eq!(secret.clone().judged().unwrap_err().rule, RuleId::S3);
        let approved = Slip { approved_by: "王主任".into(), given_to: vec!["机要室".into()], ..secret };
        assert_eq!(approved.clone().judged().unwrap_err().rule, RuleId::S3);
        let both = Slip { given_to: vec!["机要室".into(), "县委办".into()], ..approved };
        assert!(both.judged().is_ok());
    }

    #[test]
    fn pages_are_counted_as_written() {
        assert_eq!(count_pages("3"), Some(1));
        assert_eq!(count_pages("3-5，8"), Some(4));
        for wrong in ["", "0", "5-3", "三", "1-"] {
            assert_eq!(count_pages(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn money_is_counted_in_whole_fen() {
        let price = Price { name: "复印 A4".into(), unit: "页".into(), cents: 50 };
        assert_eq!(Fee::yuan(price.of(25).cents), "12.50");
        assert_eq!(Fee::yuan(5), "0.05");
    }

    #[test]
    fn the_source_is_written_out() {
        let said = Stamp::default().said(&slip(), "临溪县档案馆");
        assert_eq!(
            said,
            "本件复制自临溪县档案馆馆藏档案，档号 J019-2004-001-003，第 3-4 页，与原件核对无误。"
        );
    }
}
