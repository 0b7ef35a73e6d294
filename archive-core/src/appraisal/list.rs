//! The destruction list (销毁清册) as a state machine.
//!
//! A list is drawn up line by line, approved as a whole, supervised, and carried out:
//!
//! ```text
//!          add, remove                add, remove (voids the approval)
//!            ┌───┐                         ┌─────────────┐
//! new ─► drafted ─┴─ approve(digest) ─► approved ─ supervise ─► supervised ─ destroy ─► destroyed
//! ```
//!
//! An approval is of *exactly these lines*: it names the digest of their canonical text, and stands only as
//! long as the records still give the same text (D1). So a line put in behind the leader's back, a file
//! added to a record, a title changed: each voids it, whichever way it came about. What is destroyed takes
//! no step any more.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::model::{ItemId, RetentionPeriod, SecrecyLevel};
use crate::refusal::Refusal;
use crate::rules::RuleId;
use crate::text;
use crate::text::Text;

/// What a line names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// A volume of a fonds, by its code (档号).
    Volume {
        /// 全宗号.
        fonds: String,
        /// 档号.
        code: String,
    },
    /// One item.
    Item(ItemId),
    /// Papers that were never archived (不归档的文件, D6): nothing but what the line says.
    Loose(String),
}

/// A line of the list: the columns of the form, and what the clauses ask about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it names.
    pub target: Target,
    /// 档号, as people call it.
    pub code: String,
    /// 文件题名.
    pub title: String,
    /// 所属年度.
    pub year: i32,
    /// 应保管期限; none for what was never archived.
    pub period: Option<RetentionPeriod>,
    /// The day its period is over, if it ever is.
    pub due: Option<NaiveDate>,
    /// 文件页数.
    pub pages: u32,
    /// How many items it is.
    pub items: u32,
    /// The digest of the contents: of the digests of all its files, in order.
    pub contents: String,
    /// The level of the most secret paper in it.
    pub level: SecrecyLevel,
    /// Why it is destroyed: 到期无续存价值, 重份 …
    pub reason: String,
    /// Of a duplicate: the decision of the archives on the original that it follows (D4).
    pub original: Option<String>,
}

/// The approval of a leader (D1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Of the list with this digest, and no other.
    pub digest: String,
    /// Who approved it.
    pub by: String,
    /// When.
    pub on: NaiveDate,
    /// 鉴定小组负责人, if another than who approves.
    pub appraiser: String,
}

/// Who is there when it is done (D2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supervision {
    /// 监销人.
    pub supervisors: Vec<String>,
    /// Where.
    pub place: String,
    /// When, as people write it: a day, with the hour if they like.
    pub time: String,
}

/// The handing over to the secrecy office (D3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// The office.
    pub office: String,
    /// Who took it there, or its receipt.
    pub receipt: String,
    /// When.
    pub on: NaiveDate,
}

/// Where a list stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListState {
    /// 拟制.
    Drafted,
    /// 已批准.
    Approved,
    /// 已指定监销.
    Supervised,
    /// 已销毁.
    Destroyed,
}

impl ListState {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Approved => "approved",
            Self::Supervised => "supervised",
            Self::Destroyed => "destroyed",
        }
    }

    /// The word for people.
    pub const fn word(self) -> Text {
        match self {
            Self::Drafted => Text::fixed("拟制中", "drafted"),
            Self::Approved => Text::fixed("已批准", "approved"),
            Self::Supervised => Text::fixed("已批准，监销已定", "approved and supervised"),
            Self::Destroyed => Text::fixed("已销毁", "destroyed"),
        }
    }
}

/// A destruction list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DestructionList {
    /// Its number: year and a running number in it, `2036-01`.
    pub number: String,
    /// What it is about.
    pub title: String,
    /// Whether it goes by way of the secrecy office (D3).
    pub secret: bool,
    /// 编制人.
    pub made_by: String,
    /// When it was begun.
    pub made: NaiveDate,
    /// Its lines, in order.
    pub lines: Vec<Line>,
    /// The approval, if it stands.
    pub approval: Option<Approval>,
    /// The supervision, once named.
    pub supervision: Option<Supervision>,
    /// The handing over to the secrecy office, once done.
    pub handover: Option<Handover>,
    /// The day it was carried out.
    pub destroyed: Option<NaiveDate>,
}

/// What a look at the records shows of a line, beyond the line itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Obstacles {
    /// The reasons of the holds on it, or on what it is part of.
    pub holds: Vec<String>,
    /// Who has it at home.
    pub on_loan: Option<String>,
    /// The number of the list by which it was destroyed.
    pub destroyed_by: Option<String>,
    /// The number of another list it stands on.
    pub on_list: Option<String>,
    /// It was handed over: the original is in the archives, and this is the duplicate (D4).
    pub handed_over: bool,
    /// Originals in this repository that it is a copy of, neither destroyed nor on this list (D4).
    pub originals: Vec<String>,
}

impl DestructionList {
    /// A new list.
    pub fn new(number: String, title: String, secret: bool, made_by: String, made: NaiveDate) -> Self {
        Self {
            number,
            title,
            secret,
            made_by,
            made,
            lines: Vec::new(),
            approval: None,
            supervision: None,
            handover: None,
            destroyed: None,
        }
    }

    /// Where it stands.
    pub const fn state(&self) -> ListState {
        match (&self.destroyed, &self.approval, &self.supervision) {
            (Some(_), ..) => ListState::Destroyed,
            (None, Some(_), Some(_)) => ListState::Supervised,
            (None, Some(_), None) => ListState::Approved,
            (None, None, _) => ListState::Drafted,
        }
    }

    /// The text whose digest is approved: everything the leader sees, in one spelling. Fields are parted by
    /// characters that no field can hold.
    pub fn canonical(&self) -> String {
        let head = [
            self.number.as_str(),
            &self.title,
            if self.secret { "secret" } else { "ordinary" },
            &self.made_by,
        ];
        let mut text = fields(&head);
        for line in &self.lines {
            let (kind, fonds, name) = match &line.target {
                Target::Volume { fonds, code } => ("volume", fonds.as_str(), code.clone()),
                Target::Item(ItemId(id)) => ("item", "", id.to_string()),
                Target::Loose(name) => ("loose", "", name.clone()),
            };
            text.push('\u{1e}');
            text.push_str(&fields(&[
                kind,
                fonds,
                &name,
                &line.code,
                &line.title,
                &line.year.to_string(),
                &line.period.map_or_else(String::new, |period| period.to_string()),
                &line.due.map_or_else(String::new, |due| due.to_string()),
                &line.pages.to_string(),
                &line.items.to_string(),
                &line.contents,
                line.level.word(),
                &line.reason,
                line.original.as_deref().unwrap_or_default(),
            ]));
        }
        text
    }

    /// Puts a line on the list; an approval there was is void then (gives whether one was).
    pub fn add(&mut self, line: Line, seen: &Obstacles, today: NaiveDate) -> Result<bool, Refusal> {
        self.may_change()?;
        self.may_hold(&line, seen, today)?;
        if self.lines.iter().any(|other| other.target == line.target) {
            let code = &line.code;
            return Err(Refusal::new(
                RuleId::D1,
                text!("{code} 已在这份清册上", "{code} is on this list already"),
            )
            .with_help(Text::fixed("不必再列", "there is nothing to do")));
        }
        self.lines.push(line);
        Ok(self.void())
    }

    /// Takes a line off the list, by its place from 1; an approval there was is void then.
    pub fn remove(&mut self, place: usize) -> Result<(Line, bool), Refusal> {
        self.may_change()?;
        if place == 0 || place > self.lines.len() {
            let count = self.lines.len();
            return Err(Refusal::new(
                RuleId::D1,
                text!(
                    "清册只有 {count} 行，没有第 {place} 行",
                    "the list has {count} lines and no line {place}"
                ),
            )
            .with_help(Text::fixed("核对序号", "check the line's number"))
            .by_command(Text::fixed("archive disposal list show", "archive disposal list show")));
        }
        let line = self.lines.remove(place - 1);
        Ok((line, self.void()))
    }

    /// The leader approves exactly the list with this digest (D1).
    pub fn approve(&mut self, digest: &str, approval: Approval) -> Result<(), Refusal> {
        self.may_change()?;
        if self.lines.is_empty() {
            return Err(Refusal::new(
                RuleId::D1,
                Text::fixed("清册是空的，没有可批准的内容", "the list is empty: there is nothing to approve"),
            )
            .with_help(Text::fixed("先列入案卷", "put volumes on it first"))
            .by_command(Text::fixed("archive disposal list add", "archive disposal list add")));
        }
        two(
            &self.made_by,
            &approval.by,
            RuleId::D1,
            &Text::fixed("编制人自己批准", "who drew it up approves it"),
        )?;
        if approval.digest != digest {
            let (given, now) = (short(&approval.digest), short(digest));
            return Err(Refusal::new(
                RuleId::D1,
                text!(
                    "所批准的是摘要为 {given} 的清册，而现在的清册摘要是 {now}",
                    "the list approved has the digest {given}, and the list as it is now has {now}"
                ),
            )
            .with_help(Text::fixed(
                "重新打印清册，连同新摘要一起报批",
                "print the list again and have it approved with its new digest",
            )));
        }
        self.approval = Some(approval);
        Ok(())
    }

    /// Names who supervises, where and when (D2).
    pub fn supervise(&mut self, supervision: Supervision, least: usize) -> Result<(), Refusal> {
        self.may_change()?;
        if self.approval.is_none() {
            return Err(not_approved());
        }
        self.judge_supervision(&supervision, least)?;
        self.supervision = Some(supervision);
        Ok(())
    }

    /// Records the handing over to the secrecy office (D3).
    pub fn hand_over(&mut self, handover: Handover) -> Result<(), Refusal> {
        self.may_change()?;
        if !self.secret {
            return Err(Refusal::new(
                RuleId::D3,
                Text::fixed("这是普通清册，不经保密部门", "this is an ordinary list, which doesn't go there"),
            )
            .with_help(Text::fixed("涉密的另编一份", "draw up another for secret papers"))
            .by_command(Text::fixed(
                "archive disposal list new --secret",
                "archive disposal list new --secret",
            )));
        }
        if self.approval.is_none() {
            return Err(not_approved());
        }
        self.handover = Some(handover);
        Ok(())
    }

    /// Whether it may be carried out now: `digest` is that of the list as the records give it today, and
    /// `seen` is what stands against each line.
    pub fn may_destroy(
        &self,
        digest: &str,
        seen: &[Obstacles],
        least: usize,
        today: NaiveDate,
    ) -> Result<(), Refusal> {
        self.may_change()?;
        let Some(approval) = &self.approval else { return Err(not_approved()) };
        if approval.digest != digest {
            let (given, now) = (short(&approval.digest), short(digest));
            return Err(Refusal::new(
                RuleId::D1,
                text!(
                    "批准之后清册或所列档案有改动，批准作废（批准时摘要 {given}，现在 {now}）",
                    "the list or what it lists changed after the approval, which is void (digest then {given}, now {now})"
                ),
            ));
        }
        two(
            &self.made_by,
            &approval.by,
            RuleId::D1,
            &Text::fixed("编制人自己批准", "who drew it up approves it"),
        )?;
        let Some(supervision) = &self.supervision else {
            return Err(Refusal::new(
                RuleId::D2,
                Text::fixed("还没有指定监销人、时间和地点", "supervisors, time and place aren't named yet"),
            )
            .with_help(Text::fixed("先指定监销人、时间和地点", "name the supervisors, time and place first"))
            .by_command(Text::fixed(
                "archive disposal supervise 清册号 --supervisor 甲 --supervisor 乙 --place 地点 --time 时间",
                "archive disposal supervise NUMBER --supervisor A --supervisor B --place PLACE --time TIME",
            )));
        };
        self.judge_supervision(supervision, least)?;
        if self.secret && self.handover.is_none() {
            return Err(Refusal::new(
                RuleId::D3,
                Text::fixed(
                    "涉密清册还没有送交保密部门的记录",
                    "a secret list has no record of the secrecy office",
                ),
            )
            .with_help(Text::fixed(
                "先送保密部门，并登记回执",
                "hand a copy to the secrecy office first, and record its receipt",
            ))
            .by_command(Text::fixed(
                "archive disposal handover 清册号 --office 保密局 --receipt 回执",
                "archive disposal handover NUMBER --office OFFICE --receipt RECEIPT",
            )));
        }
        for (line, seen) in self.lines.iter().zip(seen) {
            self.may_hold(line, seen, today)?;
        }
        Ok(())
    }

    /// What was destroyed takes no step any more.
    fn may_change(&self) -> Result<(), Refusal> {
        match self.destroyed {
            None => Ok(()),
            Some(day) => {
                let number = &self.number;
                Err(Refusal::new(
                    RuleId::D5,
                    text!(
                        "清册 {number} 已于 {day} 销毁，不能再改",
                        "list {number} was carried out on {day} and stays"
                    ),
                )
                .with_help(Text::fixed("另编一份清册", "draw up another list")))
            }
        }
    }

    /// Voids an approval, with the supervision and handover that rest on it; gives whether there was one.
    fn void(&mut self) -> bool {
        self.supervision = None;
        self.handover = None;
        self.approval.take().is_some()
    }

    /// Whether a line may stand on this list.
    fn may_hold(&self, line: &Line, seen: &Obstacles, today: NaiveDate) -> Result<(), Refusal> {
        let code = if line.code.is_empty() { line.title.as_str() } else { line.code.as_str() };
        let refuse = |rule, message: Text, help: Text| Err(Refusal::new(rule, message).with_help(help));
        if let Some(list) = &seen.destroyed_by {
            return refuse(
                RuleId::D5,
                text!("{code} 已按清册 {list} 销毁", "{code} was destroyed by list {list}"),
                Text::fixed("从清册中去掉", "leave it off the list"),
            );
        }
        if let Some(list) = &seen.on_list {
            return refuse(
                RuleId::D1,
                text!("{code} 已列在清册 {list} 上", "{code} stands on list {list} already"),
                Text::fixed("一卷只能列在一份清册上", "a volume stands on one list only"),
            );
        }
        if let Some(why) = seen.holds.first() {
            return refuse(
                RuleId::D1,
                text!("{code} 暂停处置：{why}", "{code} is on hold: {why}"),
                Text::fixed("事毕后解除暂停处置", "lift the hold when its reason is over"),
            )
            .map_err(|refusal| {
                refusal.by_command(Text::fixed("archive disposal hold lift", "archive disposal hold lift"))
            });
        }
        if let Some(who) = &seen.on_loan {
            return refuse(
                RuleId::U8,
                text!(
                    "{code} 借出未还（{who}），不能销毁",
                    "{code} is on loan to {who} and can't be destroyed"
                ),
                Text::fixed("先催还", "have it returned first"),
            )
            .map_err(|refusal| {
                refusal.by_command(Text::fixed("archive loan return", "archive loan return"))
            });
        }
        if line.reason.trim().is_empty() {
            return refuse(
                RuleId::D1,
                text!("{code} 没有写明销毁理由", "{code} has no reason"),
                Text::fixed("写明理由", "give a reason"),
            )
            .map_err(|refusal| refusal.by_command(Text::fixed("--reason", "--reason")));
        }
        if !matches!(line.target, Target::Loose(_)) {
            match line.due {
                None => {
                    return refuse(
                        RuleId::D1,
                        text!("{code} 永久保管，不能销毁", "{code} is kept for good and can't be destroyed"),
                        Text::fixed("从清册中去掉", "leave it off the list"),
                    );
                }
                Some(due) if due > today => {
                    return refuse(
                        RuleId::D1,
                        text!("{code} 保管期限未满，{due} 起才到期", "{code} isn't due before {due}"),
                        Text::fixed("到期后再鉴定", "appraise it when it is due"),
                    )
                    .map_err(|refusal| {
                        refusal.by_command(Text::fixed("archive disposal due", "archive disposal due"))
                    });
                }
                Some(_) => {}
            }
        }
        if line.level != SecrecyLevel::None && !self.secret {
            let level = line.level.word();
            return refuse(
                RuleId::D3,
                text!(
                    "{code} 是{level}件，不能列在普通清册上",
                    "{code} is classified {level} and can't stand on an ordinary list"
                ),
                Text::fixed("另编一份送保密部门的", "draw up one for the secrecy office"),
            )
            .map_err(|refusal| {
                refusal.by_command(Text::fixed(
                    "archive disposal list new --secret",
                    "archive disposal list new --secret",
                ))
            });
        }
        if seen.handed_over && line.original.as_deref().is_none_or(|basis| basis.trim().is_empty()) {
            return refuse(
                RuleId::D4,
                text!(
                    "{code} 已移交档案馆，这里是副本，须与正卷一致",
                    "{code} was handed over: this is the duplicate, which follows the original in the archives"
                ),
                Text::fixed("写明档案馆销毁正卷的依据（清册号）", "say by which list the archives destroyed the original"),
            ).map_err(|refusal| refusal.by_command(Text::fixed("--original", "--original")));
        }
        if let Some(original) = seen.originals.first() {
            return refuse(
                RuleId::D4,
                text!(
                    "{code} 是 {original} 的复制件，原件仍在保管",
                    "{code} is a copy of {original}, which is kept"
                ),
                Text::fixed("与原件一并鉴定、一并列入", "appraise and list it together with the original"),
            );
        }
        Ok(())
    }

    fn judge_supervision(&self, supervision: &Supervision, least: usize) -> Result<(), Refusal> {
        let mut names: Vec<String> = supervision
            .supervisors
            .iter()
            .map(|name| name_key(name))
            .filter(|name| !name.is_empty())
            .collect();
        names.sort();
        names.dedup();
        if names.len() < least {
            let count = names.len();
            return Err(Refusal::new(
                RuleId::D2,
                text!(
                    "监销至少 {least} 人，现在只有 {count} 人",
                    "at least {least} people supervise, and there are {count}"
                ),
            )
            .with_help(Text::fixed("另指定监销人", "name another"))
            .by_command(Text::fixed("--supervisor 可重复", "--supervisor can be repeated")));
        }
        for name in &supervision.supervisors {
            two(
                &self.made_by,
                name,
                RuleId::D2,
                &Text::fixed("编制人自己监销", "who drew it up supervises it"),
            )?;
        }
        if supervision.place.trim().is_empty() || supervision.time.trim().is_empty() {
            return Err(Refusal::new(
                RuleId::D2,
                Text::fixed("没有写明销毁的时间和地点", "place and time of the destruction aren't given"),
            )
            .with_help(Text::fixed("写明时间和地点", "give place and time"))
            .by_command(Text::fixed("--place，--time", "--place and --time")));
        }
        Ok(())
    }
}

fn not_approved() -> Refusal {
    Refusal::new(
        RuleId::D1,
        Text::fixed("清册没有批准，或批准之后有改动而作废", "the list isn't approved, or was changed since"),
    )
    .with_help(Text::fixed("先报批并登记", "have it approved first"))
    .by_command(Text::fixed(
        "archive disposal approve 清册号 --digest 摘要",
        "archive disposal approve NUMBER --digest DIGEST",
    ))
}

/// Refuses an act that takes two people where both are one.
fn two(maker: &str, other: &str, rule: RuleId, what: &Text) -> Result<(), Refusal> {
    if name_key(maker) != name_key(other) {
        return Ok(());
    }
    let name = other.trim();
    let Text { zh, en } = what;
    Err(Refusal::new(rule, text!("{zh}：{name}", "{en}: {name}")))
}

/// A name as it is compared: blanks don't make another person.
fn name_key(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Values with a character between that none of them can hold.
fn fields(values: &[&str]) -> String {
    let mut text = String::new();
    for value in values {
        text.extend(value.chars().filter(|c| !c.is_control()));
        text.push('\u{1f}');
    }
    text
}

/// The beginning of a digest, as people read it out.
fn short(digest: &str) -> &str {
    digest.get(..16).unwrap_or(digest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2036, 3, day).unwrap()
    }

    fn line(number: u32) -> Line {
        Line {
            target: Target::Volume { fonds: "J019".into(), code: format!("J019-2004-{number:03}") },
            code: format!("J019-2004-{number:03}"),
            title: "防汛材料".into(),
            year: 2004,
            period: Some(RetentionPeriod::Years(10)),
            due: NaiveDate::from_ymd_opt(2015, 1, 1),
            pages: 12,
            items: 3,
            contents: "c".into(),
            level: SecrecyLevel::None,
            reason: "到期，无续存价值".into(),
            original: None,
        }
    }

    fn list() -> DestructionList {
        let mut list =
            DestructionList::new("2036-01".into(), "2004 年到期".into(), false, "陈文书".into(), day(1));
        list.add(line(1), &Obstacles::default(), day(1)).unwrap();
        list
    }

    fn approval(list: &DestructionList) -> Approval {
        Approval { digest: list.canonical(), by: "王主任".into(), on: day(2), appraiser: String::new() }
    }

    fn supervision(names: &[&str]) -> Supervision {
        Supervision {
            supervisors: names.iter().map(|name| (*name).to_owned()).collect(),
            place: "县造纸厂".into(),
            time: "2036-03-03 09:00".into(),
        }
    }

    #[test]
    fn the_way_from_draft_to_destruction_leads_through_every_step() {
        let mut list = list();
        let seen = [Obstacles::default()];
        let rule = |list: &DestructionList| {
            list.may_destroy(&list.canonical(), &seen, 2, day(3)).map_err(|refusal| refusal.rule)
        };
        assert_eq!(rule(&list), Err(RuleId::D1));
        assert_eq!(list.supervise(supervision(&["甲", "乙"]), 2).unwrap_err().rule, RuleId::D1);
        list.approve(&list.canonical(), approval(&list)).unwrap();
        assert_eq!(rule(&list), Err(RuleId::D2));
        list.supervise(supervision(&["甲", "乙"]), 2).unwrap();
        assert_eq!(rule(&list), Ok(()));
        list.destroyed = Some(day(3));
        assert_eq!(rule(&list), Err(RuleId::D5));
    }

    #[test]
    fn any_change_after_the_approval_voids_it() {
        let mut list = list();
        list.approve(&list.canonical(), approval(&list)).unwrap();
        list.supervise(supervision(&["甲", "乙"]), 2).unwrap();
        let mut changed = list.clone();
        changed.lines[0].contents = "another".into();
        let refusal =
            changed.may_destroy(&changed.canonical(), &[Obstacles::default()], 2, day(3)).unwrap_err();
        assert_eq!(refusal.rule, RuleId::D1);
        assert!(list.add(line(2), &Obstacles::default(), day(2)).unwrap(), "the approval was void");
        assert_eq!((list.state(), list.supervision.is_none()), (ListState::Drafted, true));
    }

    #[test]
    fn the_maker_neither_approves_nor_supervises_whatever_blanks_the_name_has() {
        let mut list = list();
        let own = Approval { by: "陈 文书".into(), ..approval(&list) };
        assert_eq!(list.approve(&list.canonical(), own).unwrap_err().rule, RuleId::D1);
        list.approve(&list.canonical(), approval(&list)).unwrap();
        for names in [&["甲"][..], &["甲", "甲 "], &["甲", "陈文书"], &["甲", " "]] {
            assert_eq!(list.supervise(supervision(names), 2).unwrap_err().rule, RuleId::D2, "{names:?}");
        }
        let nowhere = Supervision { place: " ".into(), ..supervision(&["甲", "乙"]) };
        assert_eq!(list.supervise(nowhere, 2).unwrap_err().rule, RuleId::D2);
    }

    #[test]
    fn secret_papers_go_by_way_of_the_secrecy_office() {
        let secret = Line { level: SecrecyLevel::Secret, ..line(2) };
        let mut ordinary = list();
        assert_eq!(ordinary.add(secret.clone(), &Obstacles::default(), day(1)).unwrap_err().rule, RuleId::D3);
        let mut list = DestructionList::new("2036-02".into(), String::new(), true, "陈文书".into(), day(1));
        list.add(secret, &Obstacles::default(), day(1)).unwrap();
        list.approve(&list.canonical(), approval(&list)).unwrap();
        list.supervise(supervision(&["甲", "乙"]), 2).unwrap();
        let seen = [Obstacles::default()];
        assert_eq!(list.may_destroy(&list.canonical(), &seen, 2, day(3)).unwrap_err().rule, RuleId::D3);
        list.hand_over(Handover { office: "保密局".into(), receipt: "3 号".into(), on: day(3) }).unwrap();
        assert!(list.may_destroy(&list.canonical(), &seen, 2, day(3)).is_ok());
    }

    #[test]
    fn what_stands_against_a_line_keeps_it_off_the_list_and_stops_the_destruction() {
        let against = [
            (RuleId::D1, Obstacles { holds: vec!["诉讼".into()], ..Obstacles::default() }),
            (RuleId::U8, Obstacles { on_loan: Some("李明".into()), ..Obstacles::default() }),
            (RuleId::D5, Obstacles { destroyed_by: Some("2035-01".into()), ..Obstacles::default() }),
            (RuleId::D1, Obstacles { on_list: Some("2035-02".into()), ..Obstacles::default() }),
            (RuleId::D4, Obstacles { handed_over: true, ..Obstacles::default() }),
            (RuleId::D4, Obstacles { originals: vec!["J019-2004-009".into()], ..Obstacles::default() }),
        ];
        for (rule, seen) in against {
            let mut list = list();
            assert_eq!(list.add(line(2), &seen, day(1)).unwrap_err().rule, rule, "{seen:?}");
            list.approve(&list.canonical(), approval(&list)).unwrap();
            list.supervise(supervision(&["甲", "乙"]), 2).unwrap();
            let stopped = list.may_destroy(&list.canonical(), std::slice::from_ref(&seen), 2, day(3));
            assert_eq!(stopped.unwrap_err().rule, rule, "{seen:?}");
        }
        let mut list = list();
        let early = Line { due: NaiveDate::from_ymd_opt(2036, 3, 2), ..line(2) };
        assert_eq!(list.add(early, &Obstacles::default(), day(1)).unwrap_err().rule, RuleId::D1);
        let permanent = Line { due: None, ..line(2) };
        assert_eq!(list.add(permanent, &Obstacles::default(), day(1)).unwrap_err().rule, RuleId::D1);
        let followed = Line { original: Some("档案馆 2035-07 号清册".into()), ..line(2) };
        let seen = Obstacles { handed_over: true, ..Obstacles::default() };
        assert!(list.add(followed, &seen, day(1)).is_ok());
    }

    /// Steps anybody might try, in any order, with any names.
    #[derive(Debug, Clone)]
    enum Step {
        Add(u32),
        Remove(usize),
        Approve(&'static str, bool),
        Supervise(Vec<&'static str>),
        Change(usize),
        Destroy,
    }

    fn step() -> impl Strategy<Value = Step> {
        let names = prop::sample::select(vec!["陈文书", "王主任", "甲", "乙", "丙"]);
        prop_oneof![
            (1..6_u32).prop_map(Step::Add),
            (0..4_usize).prop_map(Step::Remove),
            (names.clone(), any::<bool>()).prop_map(|(by, right)| Step::Approve(by, right)),
            proptest::collection::vec(names, 0..4).prop_map(Step::Supervise),
            (0..4_usize).prop_map(Step::Change),
            Just(Step::Destroy),
        ]
    }

    proptest! {
        #[test]
        fn no_sequence_of_steps_destroys_without_approval_of_these_lines_and_two_others(
            steps in proptest::collection::vec(step(), 1..24),
        ) {
            let mut list = list();
            for step in steps {
                let was = list.clone();
                match step {
                    Step::Add(number) => { let _ = list.add(line(number), &Obstacles::default(), day(1)); }
                    Step::Remove(place) => { let _ = list.remove(place); }
                    Step::Approve(by, right) => {
                        let digest = if right { list.canonical() } else { "another".into() };
                        let approval =
                            Approval { digest, by: by.into(), on: day(2), appraiser: String::new() };
                        let _ = list.approve(&list.canonical(), approval);
                    }
                    Step::Supervise(names) => { let _ = list.supervise(supervision(&names), 2); }
                    Step::Change(place) => {
                        if let Some(line) = list.lines.get_mut(place).filter(|_| was.destroyed.is_none()) {
                            line.contents.push('x');
                        }
                    }
                    Step::Destroy => {
                        let seen = vec![Obstacles::default(); list.lines.len()];
                        if list.may_destroy(&list.canonical(), &seen, 2, day(3)).is_ok() {
                            let approval = list.approval.clone().unwrap();
                            prop_assert_eq!(&approval.digest, &list.canonical());
                            prop_assert_ne!(&approval.by, &list.made_by);
                            let mut supervisors = list.supervision.clone().unwrap().supervisors;
                            supervisors.sort();
                            supervisors.dedup();
                            prop_assert!(supervisors.len() >= 2 && !supervisors.contains(&list.made_by));
                            list.destroyed = Some(day(3));
                        }
                    }
                }
                if was.destroyed.is_some() {
                    prop_assert_eq!(&was, &list, "what is destroyed stays as it was");
                }
            }
        }
    }
}
