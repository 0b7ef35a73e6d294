//! Opening (开放审核): how a record comes to be open to everybody, and how it stays closed (U1, U2).
//!
//! Nothing opens by itself. A record that is due ([`Due`]) gets an opinion (初审意见) by one person and a decision
//! (复审) by another; what opens needs both to say so. What stays closed needs one person, a reason, and a
//! day on which it is looked at again: keeping a record closed harms nobody who could not wait, opening
//! one can't be undone. An open record can be closed at once by one person, for the same reason.
//!
//! ```text
//!              opinion: open            decision by another: open
//! 未审核 ───────────────────► 未审核 + opinion ───────────────────► 开放
//!    │                           │                                    │ close
//!    └── postpone, close ────────┴──► 延期开放, 控制 ◄─────────────────┘
//!                                        │  on the next day of review: opinion, decision …
//! ```
//!
//! The steps are functions of what stands ([`Standing`]) and give the next thing or a [`Refusal`]; who stores it
//! changes nothing without them.

mod cautions;
mod due;

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::model::{Item, OpeningState, SecrecyLevel};
use crate::people::{People, Role};
use crate::profile::Profile;
use crate::refusal::Refusal;
use crate::rules::RuleId;
use crate::text;
use crate::text::Text;

pub use cautions::{Caution, CautionWords, Lookout, PersonalNumber};
pub use due::{Due, EarlierKind};

/// What somebody thinks should become of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// 开放.
    Open,
    /// 延期开放: looked at again on a day that is named.
    Postpone,
    /// 控制: kept closed; looked at again after the profile's years if no day is named.
    Close,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 3] = [Self::Open, Self::Postpone, Self::Close];

    /// The stable name, as commands and the database write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Postpone => "postpone",
            Self::Close => "close",
        }
    }

    /// The word for people.
    pub const fn word(self) -> Text {
        match self {
            Self::Open => Text::fixed("开放", "open"),
            Self::Postpone => Text::fixed("延期开放", "postpone"),
            Self::Close => Text::fixed("控制", "keep closed"),
        }
    }

    /// The state a record gets by it.
    pub const fn state(self) -> OpeningState {
        match self {
            Self::Open => OpeningState::Open,
            Self::Postpone => OpeningState::Postponed,
            Self::Close => OpeningState::Controlled,
        }
    }

    /// Reads the stable name or the Chinese word, as lists have it (also 延期, 不开放).
    pub fn read(word: &str) -> Option<Self> {
        let word = word.trim();
        match word {
            "延期" => Some(Self::Postpone),
            "不开放" | "控制使用" | "不宜开放" => Some(Self::Close),
            "同意开放" | "可开放" => Some(Self::Open),
            _ => Self::ALL
                .into_iter()
                .find(|verdict| verdict.name().eq_ignore_ascii_case(word) || verdict.word().zh == word),
        }
    }
}

/// What somebody says of a record: the words of an opinion or a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// What should become of it.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// When it is looked at again, if it stays closed (U2).
    pub next: Option<NaiveDate>,
}

/// An opinion (初审意见) that waits for a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// What was said.
    #[serde(flatten)]
    pub said: Said,
    /// By whom.
    pub by: String,
    /// When.
    pub on: NaiveDate,
}

/// A decision (复审), which gave a record its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What was decided.
    #[serde(flatten)]
    pub said: Said,
    /// The opinion it answers; what opens has one.
    pub opinion: Option<Opinion>,
    /// By whom.
    pub by: String,
    /// When.
    pub on: NaiveDate,
}

/// Where a record stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// The opinion that waits, if one does.
    pub opinion: Option<Opinion>,
    /// The last decision, if there was one.
    pub decision: Option<Decision>,
}

impl Standing {
    /// The day on which a record that stayed closed is looked at again.
    pub fn next(&self) -> Option<NaiveDate> {
        self.decision.as_ref().and_then(|decision| decision.said.next)
    }
}

/// A record that somebody says something of.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The record.
    pub item: &'a Item,
    /// Where it stands.
    pub standing: &'a Standing,
    /// By which rules.
    pub profile: &'a Profile,
    /// Who works here.
    pub people: &'a People,
    /// The day.
    pub today: NaiveDate,
}

impl<'a> Case<'a> {
    /// When it comes up for review.
    pub fn due(&self) -> Due<'a> {
        Due::of(self.item, self.profile)
    }

    /// Whether it waits for a review today: of age and never reviewed, or its next day has come.
    pub fn waits(&self) -> bool {
        let due = match self.item.opening {
            OpeningState::Open => false,
            OpeningState::Unreviewed => self.due().is_of_age(self.today),
            OpeningState::Controlled | OpeningState::Postponed => {
                self.standing.next().is_none_or(|day| day <= self.today)
            }
        };
        due && self.item.secrecy.level == SecrecyLevel::None
    }

    /// An opinion by `by`.
    pub fn opinion(&self, said: Said, by: &str) -> Result<Opinion, Refusal> {
        self.people.require_any(by, &[Role::Archivist, Role::Reviewer, Role::Director], RuleId::U1)?;
        let said = self.judged(said)?;
        Ok(Opinion { said, by: by.to_owned(), on: self.today })
    }

    /// A decision by `by`: the record's next state.
    pub fn decision(&self, said: Said, by: &str) -> Result<Decision, Refusal> {
        self.people.require_any(by, &[Role::Reviewer, Role::Director], RuleId::U1)?;
        let said = self.judged(said)?;
        let opinion = self.standing.opinion.clone();
        // Closing what is open is urgent and harms nobody: one person does it.
        let urgent = self.item.opening == OpeningState::Open;
        if let Some(opinion) = opinion.as_ref().filter(|_| !urgent) {
            People::two_people(&opinion.by, by, RuleId::U1)?;
        }
        if said.verdict == Verdict::Open {
            let help = Text::fixed(
                "先由一人提出开放意见，再由另一人复审开放",
                "one person gives the opinion first, then another opens it",
            );
            let command = Text::fixed(
                "archive opening review … --opinion open --reason …",
                "archive opening review … --opinion open --reason …",
            );
            match opinion.as_ref().map(|opinion| opinion.said.verdict) {
                Some(Verdict::Open) => {}
                Some(other) => {
                    let Text { zh, en } = other.word();
                    let by = opinion.as_ref().map_or("", |opinion| opinion.by.as_str());
                    return Err(Refusal::new(
                        RuleId::U1,
                        text!(
                            "初审（{by}）的意见是{zh}，不是开放",
                            "the opinion of {by} is to {en}, not to open"
                        ),
                    )
                    .with_help(help)
                    .by_command(command));
                }
                None => {
                    return Err(Refusal::new(
                        RuleId::U1,
                        Text::fixed("没有初审意见，不能开放", "there is no opinion: it can't be opened"),
                    )
                    .with_help(help)
                    .by_command(command));
                }
            }
        }
        Ok(Decision { said, opinion, by: by.to_owned(), on: self.today })
    }

    /// What holds for opinions and decisions alike.
    fn judged(&self, mut said: Said) -> Result<Said, Refusal> {
        said.reason = said.reason.trim().to_owned();
        let level = self.item.secrecy.level;
        if level != SecrecyLevel::None {
            let word = level.word();
            return Err(Refusal::new(
                RuleId::S1,
                text!("{word}件不在本系统办理开放", "an item marked {word} isn't opened in this system"),
            )
            .with_help(Text::fixed(
                "先由保密部门解密，改正密级后再审核",
                "have it declassified first, correct its level, and review it then",
            )));
        }
        match said.verdict {
            Verdict::Open => {
                self.may_open()?;
                said.next = None;
            }
            Verdict::Postpone | Verdict::Close => self.stays_closed(&mut said)?,
        }
        Ok(said)
    }

    fn may_open(&self) -> Result<(), Refusal> {
        if self.item.opening == OpeningState::Open {
            return Err(Refusal::new(RuleId::U1, Text::fixed("已经开放", "it is open already"))
                .with_help(Text::fixed("不必再办", "there is nothing to do")));
        }
        let due = self.due();
        if due.may_open(self.today) {
            return Ok(());
        }
        let years = self.profile.opening.years;
        let message = match due.by_years() {
            None => Text::fixed("日期不明，算不出年限", "its date isn't known, so its age can't be told"),
            Some(day) => text!(
                "未满 {years} 年（{day} 满），又不属可以提前开放的类别",
                "younger than {years} years (until {day}), and of no kind that may be opened earlier"
            ),
        };
        Err(Refusal::new(RuleId::U1, message).with_help(Text::fixed(
            "到期后再办；确属经济、科技、文化类的，在题名、问题中写明，或在规则文件 [[opening.earlier]] 中列出其用词",
            "wait for the years; if it is of the economic, scientific or cultural kind, let title or question say so, or list its words under [[opening.earlier]] in the profile",
        )))
    }

    fn stays_closed(&self, said: &mut Said) -> Result<(), Refusal> {
        if said.reason.is_empty() {
            return Err(Refusal::new(
                RuleId::U2,
                Text::fixed("不开放的要写明理由", "what stays closed needs a reason"),
            )
            .with_help(Text::fixed("写明理由", "give a reason"))
            .by_command(Text::fixed("--reason", "--reason")));
        }
        let again = self.profile.opening.review_again_years;
        let default = || self.today.checked_add_months(Months::new(u32::from(again) * 12));
        let next = match (said.next, said.verdict) {
            (Some(day), _) => Some(day),
            (None, Verdict::Close) => default(),
            (None, _) => None,
        };
        match next {
            Some(day) if day > self.today => {
                said.next = Some(day);
                Ok(())
            }
            Some(day) => Err(Refusal::new(
                RuleId::U2,
                text!("下次审核的日期 {day} 不在今天之后", "the next review, {day}, isn't after today"),
            )
            .with_help(Text::fixed("改正日期", "correct the day"))
            .by_command(Text::fixed("--until", "--until"))),
            None => Err(Refusal::new(
                RuleId::U2,
                Text::fixed(
                    "延期开放的要写明下次审核的日期",
                    "what is postponed needs the day of its next review",
                ),
            )
            .with_help(Text::fixed("写明下次审核的日期", "give the day of the next review"))
            .by_command(Text::fixed("--until 日期", "--until DATE"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ItemId, Secrecy};
    use crate::people::Person;
    use crate::reading::ItemDate;

    fn day(year: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, 6, 1).unwrap()
    }

    fn profile() -> Profile {
        Profile::built_in("futian-2006").unwrap()
    }

    fn item(title: &str, date: &str) -> Item {
        let mut item = Item::new(ItemId(1), "1");
        item.title = title.into();
        item.date = ItemDate::read(date);
        item
    }

    fn says(verdict: Verdict) -> Said {
        Said { verdict, reason: "已到期，无不宜开放内容".into(), next: None }
    }

    struct Desk {
        item: Item,
        standing: Standing,
        people: People,
        profile: Profile,
    }

    impl Desk {
        fn new(item: Item) -> Self {
            Self { item, standing: Standing::default(), people: People::default(), profile: profile() }
        }

        fn case(&self, today: NaiveDate) -> Case<'_> {
            let Self { item, standing, people, profile } = self;
            Case { item, standing, profile, people, today }
        }
    }

    #[test]
    fn what_is_of_age_opens_by_two_people_and_not_by_one_or_none() {
        let mut desk = Desk::new(item("关于任命的通知", "1974-05-16"));
        assert!(desk.case(day(2005)).waits());
        let alone = desk.case(day(2005)).decision(says(Verdict::Open), "王芳").unwrap_err();
        assert_eq!(alone.rule, RuleId::U1);
        desk.standing.opinion = Some(desk.case(day(2005)).opinion(says(Verdict::Open), "王芳").unwrap());
        assert!(desk.case(day(2005)).decision(says(Verdict::Open), "王芳").is_err());
        let decision = desk.case(day(2005)).decision(says(Verdict::Open), "李明").unwrap();
        assert_eq!(decision.said.verdict.state(), OpeningState::Open);
        assert_eq!(decision.opinion.unwrap().by, "王芳");
    }

    #[test]
    fn an_opinion_against_opening_can_t_be_turned_into_opening() {
        let mut desk = Desk::new(item("关于任命的通知", "1974-05-16"));
        desk.standing.opinion = Some(desk.case(day(2005)).opinion(says(Verdict::Close), "王芳").unwrap());
        assert!(desk.case(day(2005)).decision(says(Verdict::Open), "李明").is_err());
        assert!(desk.case(day(2005)).decision(says(Verdict::Close), "李明").is_ok());
    }

    #[test]
    fn what_is_younger_waits_unless_it_is_of_a_kind_that_may_be_earlier() {
        let young = Desk::new(item("关于任命的通知", "2000-05-16"));
        assert!(!young.case(day(2005)).waits());
        assert_eq!(young.case(day(2005)).opinion(says(Verdict::Open), "甲").unwrap_err().rule, RuleId::U1);
        let economic = Desk::new(item("2000年国民经济统计公报", "2000-05-16"));
        assert!(economic.case(day(2005)).opinion(says(Verdict::Open), "甲").is_ok());
        let undated = Desk::new(item("2000年国民经济统计公报", ""));
        assert!(undated.case(day(2005)).opinion(says(Verdict::Open), "甲").is_err());
    }

    #[test]
    fn the_years_are_the_profile_s() {
        let mut desk = Desk::new(item("关于任命的通知", "1979-06-02"));
        assert!(!desk.case(day(2004)).waits());
        desk.profile = Profile::built_in("national-2022").unwrap();
        assert!(!desk.case(day(2004)).waits(), "25 years pass on 2 June");
        assert!(desk.case(NaiveDate::from_ymd_opt(2004, 6, 2).unwrap()).waits());
    }

    #[test]
    fn a_classified_record_is_no_matter_of_this_system() {
        let mut desk = Desk::new(item("关于任命的通知", "1974-05-16"));
        desk.item.secrecy = Secrecy { level: SecrecyLevel::Secret, term: None };
        assert!(!desk.case(day(2005)).waits());
        assert_eq!(desk.case(day(2005)).opinion(says(Verdict::Open), "甲").unwrap_err().rule, RuleId::S1);
    }

    #[test]
    fn what_stays_closed_has_a_reason_and_a_day() {
        let desk = Desk::new(item("关于任命的通知", "1974-05-16"));
        let case = desk.case(day(2005));
        assert_eq!(case.decision(says(Verdict::Postpone), "甲").unwrap_err().rule, RuleId::U2);
        let past = Said { next: Some(day(2005)), ..says(Verdict::Postpone) };
        assert_eq!(case.decision(past, "甲").unwrap_err().rule, RuleId::U2);
        let silent = Said { reason: " ".into(), next: Some(day(2010)), ..says(Verdict::Postpone) };
        assert_eq!(case.decision(silent, "甲").unwrap_err().rule, RuleId::U2);
        let closed = case.decision(says(Verdict::Close), "甲").unwrap();
        assert_eq!(closed.said.next, Some(day(2010)), "five years on, unless said otherwise");
    }

    #[test]
    fn what_was_postponed_waits_again_on_its_day() {
        let mut desk = Desk::new(item("关于任命的通知", "1974-05-16"));
        let said = Said { next: Some(day(2008)), ..says(Verdict::Postpone) };
        desk.standing.decision = Some(desk.case(day(2005)).decision(said, "甲").unwrap());
        desk.item.opening = OpeningState::Postponed;
        assert!(!desk.case(day(2007)).waits());
        assert!(desk.case(day(2008)).waits());
    }

    #[test]
    fn what_is_open_is_closed_by_one_at_once() {
        let mut desk = Desk::new(item("关于任命的通知", "1974-05-16"));
        desk.standing.opinion = Some(desk.case(day(2005)).opinion(says(Verdict::Open), "甲").unwrap());
        desk.item.opening = OpeningState::Open;
        assert!(desk.case(day(2006)).decision(says(Verdict::Close), "甲").is_ok());
        assert!(desk.case(day(2006)).opinion(says(Verdict::Open), "甲").is_err());
    }

    #[test]
    fn where_people_are_registered_their_roles_count() {
        let mut desk = Desk::new(item("关于任命的通知", "1974-05-16"));
        desk.people = People::new(vec![
            Person::new("甲", [Role::Archivist], day(2001)),
            Person::new("乙", [Role::Clerk], day(2001)),
            Person::new("丙", [Role::Reviewer], day(2001)),
        ]);
        assert!(desk.case(day(2005)).opinion(says(Verdict::Open), "乙").is_err());
        desk.standing.opinion = Some(desk.case(day(2005)).opinion(says(Verdict::Open), "甲").unwrap());
        assert!(desk.case(day(2005)).decision(says(Verdict::Open), "乙").is_err());
        assert!(desk.case(day(2005)).decision(says(Verdict::Open), "丙").is_ok());
    }

    #[test]
    fn verdicts_are_read_as_lists_write_them() {
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::read(verdict.name()), Some(verdict));
            assert_eq!(Verdict::read(&verdict.word().zh), Some(verdict));
        }
        assert_eq!(Verdict::read("不宜开放"), Some(Verdict::Close));
        assert_eq!(Verdict::read("待定"), None);
    }

    #[test]
    fn the_built_in_words_are_there_with_their_clauses() {
        let opening = profile().opening;
        assert!(opening.earlier.len() >= 3 && opening.cautions.len() >= 6);
        assert!(opening.earlier.iter().all(|kind| !kind.words.is_empty() && !kind.source.is_empty()));
        assert!(opening.cautions.iter().all(|list| !list.words.is_empty() && !list.source.is_empty()));
    }
}
