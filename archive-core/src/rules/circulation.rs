//! What the registers of daily life say: reviews, uses, loans, copies of classified papers, people who left (U, S3 to S5).
//!
//! The store refuses most breaches before they happen. They are judged here all the same: registers may have been kept on
//! paper, or by another program, and what was in order once (a loan in time) isn't always.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::RuleId;
use super::checking::Desk;
use super::holdings::Stage;
use super::registers::{LoanFact, ReviewFact, UseFact};
use crate::finding::{Finding, Place, Severity};
use crate::model::{ItemId, OpeningState, SecrecyLevel};
use crate::opening::Due;
use crate::reading_room::{Action, Paper, ReaderKind, RecordState};
use crate::text;
use crate::text::Text;

/// So long after a use its reader is asked what came of it.
const FEEDBACK_AFTER: Days = Days::new(30);

pub(super) fn check(desk: &mut Desk<'_>) {
    opened(desk);
    reviews(desk);
    uses(desk);
    loans(desk);
    secret_copies(desk);
    leavers(desk);
}

impl Desk<'_> {
    /// A finding about a line of a register: `kind` names the register, `no` the line.
    fn say_of_line(&mut self, rule: RuleId, kind: &str, no: &str, volume: &str, field: &str, message: Text) {
        let some = |word: &str| (!word.is_empty()).then(|| word.to_owned());
        let line = if no.is_empty() { some(kind) } else { Some(format!("{kind}{no}")) };
        let place = Place { item: line, volume: some(volume), field: some(field), ..Place::default() };
        self.findings.push(Finding::new(rule, place, message));
    }
}

/// The last review of each item.
fn last_reviews<'a>(desk: &Desk<'a>) -> BTreeMap<ItemId, &'a ReviewFact> {
    desk.holdings.registers.reviews.iter().filter_map(|review| Some((review.item?, review))).collect()
}

/// U1: what is open has a review by two people, and the years or the kind for it.
fn opened(desk: &mut Desk<'_>) {
    let years = desk.profile.opening.years;
    let last = last_reviews(desk);
    // Before anything is imported there is nobody who could have reviewed it.
    let reviewed_here = desk.holdings.stage == Stage::Repository;
    for (at, item) in desk.open_items().filter(|(_, item)| item.opening == OpeningState::Open) {
        let review = last.get(&item.id);
        if reviewed_here {
            let wrong = match review {
                None => Some(Text::fixed(
                    "登记为开放，没有审核记录",
                    "marked open, and no review of it is on record",
                )),
                Some(review) if review.decision != OpeningState::Open => {
                    let word = review.decision.word();
                    Some(text!(
                        "登记为开放，最近一次审核的结论却是{word}",
                        "marked open, and its last review said otherwise ({word})"
                    ))
                }
                Some(review) if review.opinion_by.trim().is_empty() => Some(Text::fixed(
                    "开放只有复审，没有初审意见",
                    "opened by a decision alone, without an opinion",
                )),
                Some(review) if review.opinion_by.trim() == review.reviewed_by.trim() => {
                    let who = review.opinion_by.trim();
                    Some(text!("初审、复审都是 {who} 一人", "opinion and decision are both by {who}"))
                }
                Some(_) => None,
            };
            if let Some(message) = wrong {
                desk.say(RuleId::U1, at, "开放", message);
            }
        }
        let due = Due::of(item, desk.profile);
        let Some(by_years) = due.by_years() else {
            let message = text!(
                "登记为开放，而日期不明，算不出年限",
                "marked open, and its date isn't known, so its age can't be told"
            );
            desk.say_at(RuleId::U1, Severity::Warning, at, "日期", message);
            continue;
        };
        let early = review.is_some() && due.may_open(desk.today);
        if by_years > desk.today
            && !early
            && let Some(date) = item.date.date()
        {
            let message = text!(
                "{date} 形成，未满 {years} 年而登记为开放：须属经济、科学、技术、文化类并经审核",
                "made on {date}, younger than {years} years and marked open: only economic, scientific, technical or cultural records may be, by review"
            );
            desk.say_at(RuleId::U1, Severity::Warning, at, "开放", message);
        }
    }
}

/// U2: what was kept closed says why, and when it is looked at again.
fn reviews(desk: &mut Desk<'_>) {
    let last = last_reviews(desk);
    for (at, item) in desk.open_items() {
        let Some(review) = last.get(&item.id) else { continue };
        if !matches!(review.decision, OpeningState::Controlled | OpeningState::Postponed) {
            continue;
        }
        if review.reason.trim().is_empty() {
            desk.say(
                RuleId::U2,
                at,
                "理由",
                Text::fixed("审核不开放，没有写理由", "kept closed without a reason"),
            );
        }
        match review.next {
            None => desk.say(
                RuleId::U2,
                at,
                "下次审核",
                Text::fixed(
                    "审核不开放，没有定下次审核的日期",
                    "kept closed without a day of its next review",
                ),
            ),
            Some(day) if day <= desk.today && item.opening != OpeningState::Open => {
                let message =
                    text!("定于 {day} 再审，已经到期", "was to be reviewed again on {day}, and that is here");
                desk.say(RuleId::U2, at, "下次审核", message);
            }
            Some(_) => {}
        }
    }
}

/// U4 to U7, U9: each use by the papers that stand in it.
fn uses(desk: &mut Desk<'_>) {
    let once_open: Vec<ItemId> = desk
        .holdings
        .registers
        .reviews
        .iter()
        .filter(|review| review.decision == OpeningState::Open)
        .filter_map(|review| review.item)
        .collect();
    for one in &desk.holdings.registers.uses {
        papers_of(desk, one);
        for id in &one.items {
            served(desk, one, *id, once_open.contains(id));
        }
        if one.copied_pages > 0 && !one.copies_stamped {
            let pages = one.copied_pages;
            desk.say_of_line(
                RuleId::U7,
                "利用",
                &one.no,
                "",
                "复制",
                text!(
                    "复制 {pages} 页，没有核对、注明出处、盖章",
                    "{pages} pages were copied, not checked and stamped"
                ),
            );
        }
        let asked = one.day.and_then(|day| day.checked_add_days(FEEDBACK_AFTER));
        if one.feedback.trim().is_empty() && asked.is_some_and(|day| day <= desk.today) {
            let message = Text::fixed(
                "利用已满一个月，没有利用效果",
                "a month after the use nothing is known of what came of it",
            );
            desk.say_of_line(RuleId::U9, "利用", &one.no, "", "利用效果", message);
        }
    }
}

fn papers_of(desk: &mut Desk<'_>, one: &UseFact) {
    let kind: Option<ReaderKind> = one.reader_kind.parse().ok();
    if kind.is_none() {
        let said = one.reader_kind.trim();
        desk.say_of_line(
            RuleId::U4,
            "利用",
            &one.no,
            "",
            "种类",
            if said.is_empty() {
                Text::fixed("登记表没有写利用者的种类", "the form doesn't say what kind of reader it was")
            } else {
                text!(
                    "登记表上利用者的种类“{said}”不在规定之列",
                    "the form names a kind of reader that isn't known: {said}"
                )
            },
        );
    }
    if one.papers.iter().all(|paper| paper.trim().is_empty()) {
        let message = Text::fixed("登记表上没有证件一栏的内容", "the form lacks the papers shown");
        desk.say_of_line(RuleId::U4, "利用", &one.no, "", "证件", message);
    }
}

/// U4 to U6 of one record in a use. A record that was opened once may have been open then.
fn served(desk: &mut Desk<'_>, one: &UseFact, id: ItemId, once_open: bool) {
    let Some(at) = desk.at(id) else { return };
    let item = desk.item(at);
    let states = RecordState::of(item, false);
    let papers: Vec<Paper> = one.papers.iter().filter_map(|paper| paper.parse().ok()).collect();
    let has = |paper: Paper| papers.contains(&paper);
    let row = &item.row;
    if states.contains(&RecordState::Marriage)
        && ![Paper::PartyConcerned, Paper::NotarisedDeed, Paper::JusticeLetter].into_iter().any(has)
    {
        let message = text!(
            "序号 {row} 是婚姻档案，登记表上既非当事人、受托人，又没有司法机关证明",
            "item {row} is of a marriage, and the form shows neither the person concerned, a deed nor a court's letter"
        );
        desk.say_of_line(RuleId::U6, "利用", &one.no, "", "证件", message);
    }
    if states.contains(&RecordState::Classified) && !(has(Paper::PartyLetter) && has(Paper::MakerConsent)) {
        let message = text!(
            "序号 {row} 涉密，登记表上没有党委（党组）介绍信和形成单位同意",
            "item {row} is classified, and the form lacks the party group's letter and the maker's consent"
        );
        desk.say_of_line(RuleId::U5, "利用", &one.no, "", "证件", message);
    }
    let was_closed = states.contains(&RecordState::Closed) && !once_open;
    if was_closed && one.approved_by.trim().is_empty() {
        let message = text!(
            "调阅未开放的序号 {row}，登记表上没有批准人",
            "item {row} isn't open, and nobody approved its use"
        );
        desk.say_of_line(RuleId::U5, "利用", &one.no, "", "批准人", message);
    }
    let kind: Option<ReaderKind> = one.reader_kind.parse().ok();
    let never = |kind: ReaderKind, state: RecordState| {
        desk.profile.reading_room.decisions.iter().any(|line| {
            line.any_of.is_empty()
                && line.readers.contains(&kind)
                && line.records.contains(&state)
                && line.actions.contains(&Action::Read)
        })
    };
    if was_closed && kind.is_some_and(|kind| never(kind, RecordState::Closed)) {
        let message = text!(
            "序号 {row} 没有开放，不提供给这类利用者",
            "item {row} isn't open, and isn't served to such a reader"
        );
        desk.say_of_line(RuleId::U4, "利用", &one.no, "", "档号", message);
    }
}

/// U8 and S4: loans.
fn loans(desk: &mut Desk<'_>) {
    let term = desk.profile.deadlines.loan_days;
    let mut out: BTreeMap<&str, &LoanFact> = BTreeMap::new();
    for loan in &desk.holdings.registers.loans {
        let mut say = |rule, field: &str, message| {
            desk.say_of_line(rule, "借阅", &loan.no, &loan.volume, field, message);
        };
        if loan.approved_by.trim().is_empty() {
            if loan.level == SecrecyLevel::None {
                say(
                    RuleId::U8,
                    "批准人",
                    Text::fixed("原件借出，没有批准人", "an original was lent with nobody's approval"),
                );
            } else {
                let word = loan.level.word();
                say(
                    RuleId::S4,
                    "批准人",
                    text!(
                        "{word}件带出，没有批准记录",
                        "a paper marked {word} was taken out with no approval on record"
                    ),
                );
            }
        }
        let last = loan.lent.and_then(|lent| lent.checked_add_days(Days::new(u64::from(term))));
        let due = loan.due.or(last);
        match (loan.returned, due) {
            (None, Some(due)) if due < desk.today => {
                let days = (desk.today - due).num_days();
                let who = &loan.borrower;
                let mut say = |rule, field: &str, message| {
                    desk.say_of_line(rule, "借阅", &loan.no, &loan.volume, field, message);
                };
                say(
                    RuleId::U8,
                    "归还",
                    text!(
                        "{who} 应于 {due} 归还，过期 {days} 天",
                        "due back from {who} on {due}: {days} days overdue"
                    ),
                );
            }
            (Some(back), _) => came_back(desk, loan, back),
            _ => {}
        }
        if loan.returned.is_none()
            && let Some(other) = out.insert(&loan.volume, loan)
        {
            let (volume, no) = (&loan.volume, &other.no);
            let message =
                text!("{volume} 借阅 {no} 未还，又借出一次", "{volume} was lent again while out (loan {no})");
            desk.say_of_line(RuleId::U8, "借阅", &loan.no, &loan.volume, "档号", message);
        }
    }
}

fn came_back(desk: &mut Desk<'_>, loan: &LoanFact, back: NaiveDate) {
    let differs = loan.sheets.zip(loan.sheets_returned).filter(|(lent, returned)| lent != returned);
    if let Some((lent, returned)) = differs.filter(|_| loan.damage.trim().is_empty()) {
        let message = text!(
            "借出 {lent} 张，{back} 归还 {returned} 张，没有记录缺损",
            "{lent} sheets were lent, {returned} came back on {back}, and nothing is said of the difference"
        );
        desk.say_of_line(RuleId::U8, "借阅", &loan.no, &loan.volume, "张数", message);
    }
    if loan.sheets.is_some() && loan.sheets_returned.is_none() {
        let message = Text::fixed("归还时没有清点张数", "the sheets weren't counted on return");
        desk.say_of_line(RuleId::U8, "借阅", &loan.no, &loan.volume, "张数", message);
    }
}

/// S3: copies of classified papers.
fn secret_copies(desk: &mut Desk<'_>) {
    for copy in &desk.holdings.registers.secret_copies {
        if copy.approved_by.trim().is_empty() {
            let message = Text::fixed(
                "复印涉密文件，没有批准人",
                "a classified paper was copied with nobody's approval",
            );
            desk.say_of_line(RuleId::S3, "涉密复印", &copy.no, "", "批准人", message);
        }
        if copy.accounted != copy.made {
            let (made, accounted) = (copy.made, copy.accounted);
            let message = text!(
                "复印涉密文件 {made} 份，登记了 {accounted} 份的去向",
                "{made} copies of a classified paper were made, and the register tells where {accounted} are"
            );
            desk.say_of_line(RuleId::S3, "涉密复印", &copy.no, "", "去向", message);
        }
    }
}

/// S5: who left has nothing, and handed over what they kept.
fn leavers(desk: &mut Desk<'_>) {
    for leaver in &desk.holdings.registers.leavers {
        let name = &leaver.name;
        let held: Vec<&str> = desk
            .holdings
            .registers
            .loans
            .iter()
            .filter(|loan| loan.returned.is_none() && loan.borrower.trim() == name.trim())
            .map(|loan| loan.volume.as_str())
            .collect();
        if !held.is_empty() {
            let (count, codes) = (held.len(), held.join("、"));
            let message = text!(
                "{name} 已离岗，名下还有 {count} 卷未还：{codes}",
                "{name} has left with {count} volumes still out: {codes}"
            );
            desk.say_of_line(RuleId::S5, "离岗", name, "", "借阅", message);
        }
        if !leaver.handed_over {
            let message = text!(
                "{name} 已离岗，经管的没有按清单移交",
                "{name} has left, and what they kept wasn't handed over by list"
            );
            desk.say_of_line(RuleId::S5, "离岗", name, "", "交接", message);
        }
    }
}
