//! Loans of originals (借阅): what leaves the room, for how long, and how it comes back (U8, S4, S5).
//!
//! ```text
//! in its place ──lend──► lent ──extend──► lent until later ──return──► in its place
//! ```
//!
//! A volume is lent by the director's approval, for two weeks at most (the profile says how many days), with its
//! sheets counted; it comes back with its sheets counted again, and what is missing or damaged is put
//! down. Each extension is a new approval. While it is out it is neither transferred nor destroyed nor lent
//! again. Who leaves their post first gives back what they have.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::model::SecrecyLevel;
use crate::people::{People, Role};
use crate::profile::Profile;
use crate::refusal::Refusal;
use crate::rules::RuleId;
use crate::text;
use crate::text::Text;

/// What somebody wants to take out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The volume, by its code (档号).
    pub volume: String,
    /// Who takes it.
    pub borrower: String,
    /// Their section or institution.
    pub unit: String,
    /// What for.
    pub purpose: String,
    /// Who approved that it leaves the room.
    pub approved_by: String,
    /// Sheets counted on lending.
    pub sheets: u32,
    /// When it is to be back; the profile's term if no day is named.
    pub due: Option<NaiveDate>,
    /// The level of the most secret paper in it.
    pub level: SecrecyLevel,
}

/// A loan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loan {
    /// Its number in the register of loans: 2005-0001.
    pub no: String,
    /// The volume, by its code (档号).
    pub volume: String,
    /// Who has it.
    pub borrower: String,
    /// Their section or institution.
    pub unit: String,
    /// What for.
    pub purpose: String,
    /// Who approved it.
    pub approved_by: String,
    /// Who handed it out.
    pub lent_by: String,
    /// When.
    pub lent: NaiveDate,
    /// When it is due back, extensions counted.
    pub due: NaiveDate,
    /// Sheets counted on lending.
    pub sheets: u32,
    /// The level of the most secret paper in it.
    pub level: SecrecyLevel,
    /// Extensions (续借), in order.
    pub extensions: Vec<Extension>,
    /// How it came back; none while it is out.
    pub returned: Option<Returned>,
}

/// An extension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// The day it was approved.
    pub on: NaiveDate,
    /// The new day it is due.
    pub until: NaiveDate,
    /// Who approved it.
    pub approved_by: String,
    /// Why.
    pub reason: String,
}

/// How a volume came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// When.
    pub on: NaiveDate,
    /// Sheets counted then.
    pub sheets: u32,
    /// Damage and loss, as noted; empty for none.
    pub damage: String,
    /// Who checked each sheet and took it back.
    pub taken_back_by: String,
}

/// The rules a loan is judged by, and the day.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The office's rules.
    pub profile: &'a Profile,
    /// Who works here.
    pub people: &'a People,
    /// The day.
    pub today: NaiveDate,
}

impl Terms<'_> {
    /// Lends a volume, if nobody else has it; `out` is the loan it is on.
    pub fn lend(
        &self,
        no: &str,
        request: Request,
        lent_by: &str,
        out: Option<&Loan>,
    ) -> Result<Loan, Refusal> {
        if let Some(loan) = out.filter(|loan| loan.is_out()) {
            return Err(already_out(loan));
        }
        self.approved(&request.approved_by, &request.borrower, request.level)?;
        self.people.require_any(lent_by, &[Role::Archivist, Role::Clerk, Role::Director], RuleId::U8)?;
        if request.borrower.trim().is_empty() {
            return Err(Refusal::new(RuleId::U8, Text::fixed("没有写明借阅人", "the borrower isn't named")));
        }
        if request.sheets == 0 {
            return Err(Refusal::new(
                RuleId::U8,
                Text::fixed(
                    "没有清点张数，归还时无从核对",
                    "the sheets aren't counted: nothing to check on return",
                ),
            )
            .with_help(Text::fixed("写明张数", "say how many sheets"))
            .by_command(Text::fixed("--sheets 张数", "--sheets N")));
        }
        let due = self.until(request.due)?;
        let Request { volume, borrower, unit, purpose, approved_by, sheets, level, due: _ } = request;
        Ok(Loan {
            no: no.to_owned(),
            volume,
            borrower,
            unit,
            purpose,
            approved_by,
            lent_by: lent_by.to_owned(),
            lent: self.today,
            due,
            sheets,
            level,
            extensions: Vec::new(),
            returned: None,
        })
    }

    /// Extends a loan: a new approval, and the term once more from today at most.
    pub fn extend(
        &self,
        loan: &Loan,
        until: Option<NaiveDate>,
        approved_by: &str,
        reason: &str,
    ) -> Result<Loan, Refusal> {
        Self::not_returned(loan)?;
        self.approved(approved_by, &loan.borrower, loan.level)?;
        let until = self.until(until)?;
        if until <= loan.due {
            let due = loan.due;
            return Err(Refusal::new(
                RuleId::U8,
                text!("续借到 {until}，不晚于原定的 {due}", "an extension to {until} isn't later than {due}"),
            )
            .with_help(Text::fixed("到期前后再办续借", "extend it when the day comes near")));
        }
        let mut loan = loan.clone();
        loan.due = until;
        loan.extensions.push(Extension {
            on: self.today,
            until,
            approved_by: approved_by.to_owned(),
            reason: reason.to_owned(),
        });
        Ok(loan)
    }

    /// Takes a volume back, its sheets counted.
    pub fn take_back(&self, loan: &Loan, sheets: u32, damage: &str, by: &str) -> Result<Loan, Refusal> {
        Self::not_returned(loan)?;
        self.people.require_any(by, &[Role::Archivist, Role::Clerk, Role::Director], RuleId::U8)?;
        let (lent, damage) = (loan.sheets, damage.trim());
        if self.today < loan.lent {
            let day = loan.lent;
            return Err(Refusal::new(
                RuleId::U8,
                text!("归还的日期早于借出的 {day}", "it can't come back before it was lent, on {day}"),
            ));
        }
        if sheets != lent && damage.is_empty() {
            return Err(Refusal::new(
                RuleId::U8,
                text!(
                    "借出 {lent} 张，归还 {sheets} 张，差错没有记录",
                    "{lent} sheets were lent, {sheets} came back, and nothing is said of the difference"
                ),
            )
            .with_help(Text::fixed(
                "逐页核对；确有缺损的要记明",
                "check each sheet; put down what is missing or damaged",
            ))
            .by_command(Text::fixed("--damage", "--damage")));
        }
        let mut loan = loan.clone();
        loan.returned = Some(Returned {
            on: self.today,
            sheets,
            damage: damage.to_owned(),
            taken_back_by: by.to_owned(),
        });
        Ok(loan)
    }

    fn not_returned(loan: &Loan) -> Result<(), Refusal> {
        let Some(returned) = &loan.returned else { return Ok(()) };
        let (no, day) = (&loan.no, returned.on);
        Err(Refusal::new(RuleId::U8, text!("借阅 {no} 已于 {day} 归还", "loan {no} came back on {day}"))
            .with_help(Text::fixed("核对借阅号", "check the number of the loan")))
    }

    fn approved(&self, by: &str, borrower: &str, level: SecrecyLevel) -> Result<(), Refusal> {
        let rule = if level == SecrecyLevel::None { RuleId::U8 } else { RuleId::S4 };
        if by.trim().is_empty() {
            return Err(Refusal::new(
                rule,
                Text::fixed(
                    "没有负责人批准，原件不得借出",
                    "no director approved it: originals don't leave the room",
                ),
            )
            .with_help(Text::fixed("写明批准人", "name who approved it"))
            .by_command(Text::fixed("--approved-by 姓名", "--approved-by NAME")));
        }
        self.people.require(by, Role::Director, rule)?;
        if level == SecrecyLevel::None { Ok(()) } else { People::two_people(by, borrower, rule) }
    }

    /// The day it is due: as asked, within the profile's term from today.
    fn until(&self, asked: Option<NaiveDate>) -> Result<NaiveDate, Refusal> {
        let days = self.profile.deadlines.loan_days;
        let last = self.today.checked_add_days(Days::new(u64::from(days))).unwrap_or(self.today);
        match asked {
            None => Ok(last),
            Some(day) if day > last => Err(Refusal::new(
                RuleId::U8,
                text!(
                    "借到 {day}，超过 {days} 天（最迟 {last}）",
                    "until {day} is longer than {days} days ({last} at the latest)"
                ),
            )
            .with_help(Text::fixed("缩短期限；到期可以续借", "make it shorter; it can be extended"))),
            Some(day) if day < self.today => Err(Refusal::new(
                RuleId::U8,
                text!("归还期限 {day} 已经过去", "the day it is due, {day}, is past"),
            )
            .with_help(Text::fixed("改正日期", "correct the day"))
            .by_command(Text::fixed("--until", "--until"))),
            Some(day) => Ok(day),
        }
    }
}

impl Loan {
    /// Whether the volume is out.
    pub const fn is_out(&self) -> bool {
        self.returned.is_none()
    }

    /// How many days it is overdue on `today`; none if it is back or still in time.
    pub fn days_overdue(&self, today: NaiveDate) -> Option<u32> {
        if !self.is_out() || today <= self.due {
            return None;
        }
        u32::try_from((today - self.due).num_days()).ok()
    }
}

/// Refuses what can't be done with a volume that is out: transfer, destruction, another loan (U8).
pub fn refuse_while_out(loan: &Loan, doing: &Text) -> Refusal {
    let Loan { volume, borrower, due, no, .. } = loan;
    let Text { zh, en } = doing;
    Refusal::new(
        RuleId::U8,
        text!(
            "{volume} 借出未还（{no}，{borrower}，应还 {due}），不得{zh}",
            "{volume} is on loan ({no}, {borrower}, due {due}): it can't be {en}"
        ),
    )
    .with_help(Text::fixed("先收回", "take it back first"))
    .by_command(text!("archive loan return {no}", "archive loan return {no}"))
}

fn already_out(loan: &Loan) -> Refusal {
    refuse_while_out(loan, &Text::fixed("再借", "lent again"))
}

/// Refuses that somebody leaves, or is cleared, while they have anything (S5).
pub fn refuse_leaving(name: &str, out: &[&Loan]) -> Result<(), Refusal> {
    if out.is_empty() {
        return Ok(());
    }
    let said: Vec<String> = out.iter().map(|loan| format!("{} {}", loan.no, loan.volume)).collect();
    let (count, codes) = (out.len(), said.join("、"));
    Err(Refusal::new(
        RuleId::S5,
        text!("{name} 名下还有 {count} 卷未还：{codes}", "{name} still has {count} volumes: {codes}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Person;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2005, 3, day).unwrap()
    }

    fn profile() -> Profile {
        Profile::built_in("futian-2006").unwrap()
    }

    fn request() -> Request {
        Request {
            volume: "J019-2004-001".into(),
            borrower: "张三".into(),
            unit: "水利局".into(),
            purpose: "编史".into(),
            approved_by: "王主任".into(),
            sheets: 42,
            due: None,
            level: SecrecyLevel::None,
        }
    }

    fn on(today: NaiveDate, act: impl FnOnce(&Terms<'_>)) {
        let (profile, people) = (profile(), People::default());
        act(&Terms { profile: &profile, people: &people, today });
    }

    fn lent() -> Loan {
        let mut loan = None;
        on(day(1), |terms| loan = terms.lend("2005-0001", request(), "陈文书", None).ok());
        loan.unwrap()
    }

    #[test]
    fn a_loan_lasts_two_weeks_at_most() {
        assert_eq!(lent().due, day(15));
        on(day(1), |terms| {
            let long = Request { due: Some(day(16)), ..request() };
            assert_eq!(terms.lend("1", long, "甲", None).unwrap_err().rule, RuleId::U8);
            let short = Request { due: Some(day(3)), ..request() };
            assert_eq!(terms.lend("1", short, "甲", None).unwrap().due, day(3));
        });
    }

    #[test]
    fn nothing_leaves_without_approval_count_and_name() {
        on(day(1), |terms| {
            for wrong in [
                Request { approved_by: " ".into(), ..request() },
                Request { sheets: 0, ..request() },
                Request { borrower: String::new(), ..request() },
            ] {
                assert_eq!(terms.lend("1", wrong, "甲", None).unwrap_err().rule, RuleId::U8);
            }
            let secret = Request { approved_by: String::new(), level: SecrecyLevel::Secret, ..request() };
            assert_eq!(terms.lend("1", secret, "甲", None).unwrap_err().rule, RuleId::S4);
        });
    }

    #[test]
    fn what_is_out_is_not_lent_again_until_it_is_back() {
        on(day(2), |terms| {
            let out = lent();
            assert!(terms.lend("2", request(), "甲", Some(&out)).is_err());
            let back = terms.take_back(&out, 42, "", "甲").unwrap();
            assert!(terms.lend("2", request(), "甲", Some(&back)).is_ok());
        });
    }

    #[test]
    fn an_extension_is_a_new_approval_and_ends_later() {
        on(day(14), |terms| {
            let longer = terms.extend(&lent(), None, "王主任", "未写完").unwrap();
            assert_eq!((longer.due, longer.extensions.len()), (day(28), 1));
            assert!(terms.extend(&lent(), None, "", "未写完").is_err());
            assert!(terms.extend(&longer, Some(day(20)), "王主任", "").is_err());
        });
    }

    #[test]
    fn a_difference_in_sheets_is_put_down() {
        on(day(10), |terms| {
            assert_eq!(terms.take_back(&lent(), 41, " ", "甲").unwrap_err().rule, RuleId::U8);
            let back = terms.take_back(&lent(), 41, "缺第 7 张", "甲").unwrap();
            assert_eq!(back.returned.unwrap().damage, "缺第 7 张");
        });
    }

    #[test]
    fn it_comes_back_once() {
        on(day(10), |terms| {
            let back = terms.take_back(&lent(), 42, "", "甲").unwrap();
            assert!(terms.take_back(&back, 42, "", "甲").is_err());
            assert!(terms.extend(&back, None, "王主任", "").is_err());
        });
    }

    #[test]
    fn overdue_is_counted_from_the_day_after() {
        let loan = lent();
        assert_eq!(loan.days_overdue(day(15)), None);
        assert_eq!(loan.days_overdue(day(20)), Some(5));
    }

    #[test]
    fn where_people_are_registered_the_director_approves() {
        let people = People::new(vec![
            Person::new("王主任", [Role::Director], day(1)),
            Person::new("陈文书", [Role::Archivist], day(1)),
        ]);
        let profile = profile();
        let terms = Terms { profile: &profile, people: &people, today: day(1) };
        assert!(terms.lend("1", request(), "陈文书", None).is_ok());
        let own = Request { approved_by: "陈文书".into(), ..request() };
        assert!(terms.lend("1", own, "陈文书", None).is_err());
    }
}
