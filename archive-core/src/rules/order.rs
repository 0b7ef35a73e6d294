//! O: the order of items inside a volume (卷内文件排列).
//!
//! Each rule speaks of pairs: a print and its draft, a reply and its request. The checks look at each pair that a tie
//! names and that lies in one volume. O8 asks for a total order that can be explained, which is the arranging's own
//! promise and tested there.

use std::collections::{HashMap, HashSet};

use super::checking::Desk;
use super::{Rule, RuleId, rule};
use crate::finding::Severity;
use crate::model::{DraftState, Item, TieKind, Volume, Why};
use crate::profile::Method;
use crate::text;
use crate::text::Text;

pub(super) const RULES: &[Rule] = &[
    rule!(O1 Error "福田《案卷质量标准》四";
        says
            "印本在前，定稿在后；重要法规文件的历次稿依次排在定稿之后。复制件随原件，译本随原文。",
            "The final print stands before the signed draft; the drafts of an important regulation follow the signed draft in their order. A copy follows its original, a translation its text.";
        example
            "《安全生产责任制规定》：印本、定稿、送审稿（第二稿）、征求意见稿（第一稿）。",
            "A regulation stands as print, signed draft, second draft, first draft.";
        remedy
            "把印本移到定稿之前。",
            "Move the print before the draft."),
    rule!(O2 Error "福田《案卷质量标准》四";
        says
            "批复在前，请示在后；复函在前，来函在后。",
            "The reply stands before the request; the answer before the letter.";
        example
            "《关于水价调整的批复》在前，《关于调整水价的请示》紧随其后，虽然请示的日期更早。",
            "The reply on water prices stands first and the request right behind it, though the request is older.";
        remedy
            "把批复（复函）移到请示（来函）之前。",
            "Move the reply before the request."),
    rule!(O3 Error "福田《案卷质量标准》四";
        says
            "正件在前，附件在后；几个附件按附件号依次排列。",
            "The main document stands before its attachments, and these in the order of their numbers.";
        example
            "通知、附件1《一览表》、附件2《分解表》。",
            "The notice, attachment 1, attachment 2.";
        remedy
            "把附件移到正件之后，按附件号排好。",
            "Move the attachments behind the main document, in the order of their numbers."),
    rule!(O4 Error "福田《案卷质量标准》四";
        says
            "转发件在前，被转发件在后；印发的通知在前，所印发的文件在后。",
            "The forwarding document stands before the forwarded one, the issuing notice before what it issues.";
        example
            "县政府办公室转发省政府办公厅通知的通知在前，省政府办公厅的通知在后。",
            "The county's forwarding notice first, the province's notice behind it.";
        remedy
            "把转发件移到被转发件之前。",
            "Move the forwarding document to the front."),
    rule!(O5 Error "福田《案卷质量标准》四";
        says
            "非诉讼案件，结论、决定、判定性文件在前，罪证、旁证等依据性材料在后。",
            "In a case that is no lawsuit, conclusion, decision and verdict stand first, evidence and other grounds behind.";
        example
            "林地权属争议：处理决定、调查报告、调解笔录、询问笔录、勘验图。",
            "A dispute over woodland: the decision, the inquiry report, the mediation, the interviews, the survey map.";
        remedy
            "把结论、决定移到依据材料之前。",
            "Move conclusion and decision before the grounds."),
    rule!(O6 Error "福田《案卷质量标准》四";
        says
            "一卷一个问题的，按时间先后排；几个问题的，先把问题分开，重要的在前，每个问题之内按时间排。",
            "In a volume of one question, items stand by date. With several questions these are kept apart, the more important first, and items stand by date inside each.";
        example
            "卷内 3 月的文件排在 5 月的之后，而两件同属一个问题、互无关联。",
            "An item of March stands behind one of May, of the same question and not tied to it.";
        remedy
            "同一问题的放在一起，按日期排。",
            "Put items of one question together, by date."),
    rule!(O7 Error "福田《案卷质量标准》四";
        says
            "有关联的文件排在一起，中间不夹别的；这一组的位置随它领头的那一件。",
            "Documents tied to each other stand together with nothing between; the group stands where its head belongs.";
        example
            "批复和请示之间夹了一件不相干的通知。",
            "Between a reply and its request lies a notice that has nothing to do with them.";
        remedy
            "把夹在中间的移出来。",
            "Take out what lies between."),
    rule!(O8 Info "福田《案卷质量标准》四";
        says
            "其余文件依形成的规律排列；排列是完全的：不管登记先后，结果相同，每个位置都说得出理由。",
            "Other material stands in the order it came about. The order is total: the same for the same records however they were registered, and each place can be explained.";
        example
            "同一天的两件，按文号顺序排，没有文号的按题名。",
            "Two items of one day stand by document number, or by title where they have none.";
        remedy
            "用 archive arrange --explain 看某件为什么在那里。",
            "See why an item stands where it does with archive arrange --explain.";
        judged by nobody
            "排列由程序给出，任何次序都说得出理由；由人定的次序以人为准",
            "The program gives the order and can explain each place; an order set by a person stands"),
];

pub(super) fn check(desk: &mut Desk<'_>) {
    if desk.volumes().is_empty() {
        return;
    }
    pairs(desk);
    attachments(desk);
    // Only what is surely tied must stand together; but even a doubtful tie may set the place of its followers.
    let (sure, all) = (Groups::of(desk, true), Groups::of(desk, false));
    for volume in desk.volumes() {
        together(desk, volume, &sure, &all);
        by_question_and_date(desk, volume, &all);
    }
}

/// O1 to O5: of each tied pair in one volume, what leads stands first.
fn pairs(desk: &mut Desk<'_>) {
    for tie in &desk.known.ties {
        let (leader, follower) = tie.ordered();
        let (Some(first), Some(second)) = (desk.places[leader], desk.places[follower]) else { continue };
        if first.0 != second.0 || first.1 < second.1 {
            continue;
        }
        let severity = match tie.sure {
            _ if found_late(desk, leader) => Severity::Info,
            true => Severity::Error,
            false => Severity::Warning,
        };
        let row = desk.item(follower).row.clone();
        let message = misplaced(tie.kind, &row, desk.item(follower).state);
        desk.say_at(tie.kind.order_rule(), severity, leader, "", message);
    }
}

/// Whether an item came when its volume was numbered, so that it stands behind the rest (V8).
fn found_late(desk: &Desk<'_>, at: usize) -> bool {
    let place = desk.places[at].and_then(|(_, entry)| usize::try_from(entry).ok());
    let entry = desk.volume_of(at).zip(place).and_then(|(volume, entry)| volume.entries.get(entry));
    entry.is_some_and(|entry| entry.why.contains(&Why::FoundLate))
}

fn misplaced(kind: TieKind, row: &str, state: Option<DraftState>) -> Text {
    match kind {
        TieKind::SignedDraft | TieKind::Revision => {
            let draft = state.map_or_else(|| kind.word().to_owned(), DraftState::word);
            text!("印本排在{draft}（序号 {row}）之后", "the print stands behind its draft, row {row}")
        }
        TieKind::Copy | TieKind::Translation => Text::new(
            format!("原件排在{}（序号 {row}）之后", kind.word()),
            format!("the original stands behind its {}, row {row}", kind.english()),
        ),
        TieKind::Request => {
            text!("批复排在请示（序号 {row}）之后", "the reply stands behind its request, row {row}")
        }
        TieKind::Incoming => {
            text!(
                "复文排在来文（序号 {row}）之后",
                "the answer stands behind the letter it answers, row {row}"
            )
        }
        TieKind::Outcome => {
            text!(
                "办理结果排在原件（序号 {row}）之后",
                "the outcome stands behind what it came of, row {row}"
            )
        }
        TieKind::Attachment => {
            text!(
                "正件排在附件（序号 {row}）之后",
                "the main document stands behind its attachment, row {row}"
            )
        }
        TieKind::Forwarded => text!(
            "转发（印发）件排在被转发（印发）件（序号 {row}）之后",
            "the forwarding document stands behind what it forwards, row {row}"
        ),
        TieKind::Grounds => {
            text!(
                "结论、决定排在依据材料（序号 {row}）之后",
                "the decision stands behind its grounds, row {row}"
            )
        }
    }
}

/// O3: attachments of one document in the order of their numbers.
fn attachments(desk: &mut Desk<'_>) {
    let mut by_main: Vec<(usize, u32, u32, usize)> = desk
        .ties
        .iter()
        .filter(|tie| tie.kind == TieKind::Attachment && tie.sure)
        .filter_map(|tie| {
            let number = desk.titles[tie.from].attachment.filter(|number| *number > 0)?;
            let (volume, entry) = desk.places[tie.from]?;
            (desk.places[tie.to]?.0 == volume).then_some((tie.to, number, entry, tie.from))
        })
        .collect();
    by_main.sort_unstable();
    for pair in by_main.windows(2) {
        let ((main, number, entry, _), (same, next, next_entry, at)) = (pair[0], pair[1]);
        if main == same && number < next && entry > next_entry {
            let message = text!(
                "附件{next} 排在附件{number} 之前",
                "attachment {next} stands before attachment {number}"
            );
            desk.say(RuleId::O3, at, "", message);
        }
    }
}

/// The groups of tied items inside each volume; a group is named by its item that stands first.
struct Groups(Vec<usize>);

impl Groups {
    fn of(desk: &Desk<'_>, only_sure: bool) -> Self {
        let mut parents: Vec<usize> = (0..desk.holdings.items.len()).collect();
        for tie in desk.ties.iter().filter(|tie| tie.sure || !only_sure) {
            let together =
                matches!((desk.places[tie.from], desk.places[tie.to]), (Some(a), Some(b)) if a.0 == b.0);
            if together {
                let (a, b) = (Self::root(&mut parents, tie.from), Self::root(&mut parents, tie.to));
                let (head, other) = if desk.places[a] <= desk.places[b] { (a, b) } else { (b, a) };
                parents[other] = head;
            }
        }
        for at in 0..parents.len() {
            parents[at] = Self::root(&mut parents, at);
        }
        Self(parents)
    }

    fn root(parents: &mut [usize], at: usize) -> usize {
        let mut top = at;
        while parents[top] != top {
            // Halving the path keeps later walks short.
            parents[top] = parents[parents[top]];
            top = parents[top];
        }
        top
    }

    fn head(&self, at: usize) -> usize {
        self.0[at]
    }
}

/// O7: a group that something else stands in the middle of. What is tied to the group by a doubtful tie may stand
/// where that tie puts it.
fn together(desk: &mut Desk<'_>, volume: &Volume, groups: &Groups, wider: &Groups) {
    let order: Vec<usize> = volume.entries.iter().filter_map(|entry| desk.at(entry.item)).collect();
    let mut last_of: HashMap<usize, usize> = HashMap::new();
    for (position, at) in order.iter().enumerate() {
        let Some(last) = last_of.insert(groups.head(*at), position) else { continue };
        let between = &order[last + 1..position];
        let strangers = between.iter().filter(|other| wider.head(**other) != wider.head(*at)).count();
        if strangers > 0 && !found_late(desk, *at) {
            let row = desk.item(order[last]).row.clone();
            let message = text!(
                "与序号 {row} 同属一组关联文件，中间却夹了 {strangers} 件",
                "it belongs with row {row}, and {strangers} other items stand between them"
            );
            desk.say(RuleId::O7, *at, "", message);
        }
    }
}

/// O6: a question that is taken up twice, or an earlier date behind a later one of the same question.
fn by_question_and_date(desk: &mut Desk<'_>, volume: &Volume, groups: &Groups) {
    let (heads, reasons): (Vec<usize>, Vec<&[Why]>) = volume
        .entries
        .iter()
        .filter_map(|entry| Some((desk.at(entry.item)?, entry.why.as_slice())))
        .filter(|(at, _)| groups.head(*at) == *at && desk.is_open(*at))
        .unzip();
    // A volume of one meeting or case is one question, and its papers stand by what they are for it (notice, agenda,
    // reports) as much as by date.
    let meetings =
        heads.iter().filter(|at| desk.item(**at).meeting_or_case.is_some()).count() * 2 > heads.len();
    if meetings {
        return;
    }
    let question = |at: usize| desk.item(at).question.as_deref();
    let by_item = desk.profile.volumes.method == Method::Item;
    let mut breaches: Vec<(usize, Severity, &str, Text)> = Vec::new();
    let mut runs: Vec<(&str, usize)> = heads.iter().filter_map(|at| Some((question(*at)?, *at))).collect();
    runs.dedup_by_key(|run| run.0);
    let mut seen: HashSet<&str> = HashSet::new();
    for (asked, at) in runs {
        if !seen.insert(asked) {
            let message = text!(
                "问题“{asked}”的文件被别的问题隔开",
                "items of the question {asked} are kept apart by another question"
            );
            // The words for a question are the registrar's, who may have used two for one: worth a look, no more.
            breaches.push((at, Severity::Warning, "问题", message));
        }
    }
    for (pair, why) in heads.windows(2).zip(reasons.windows(2)) {
        let (before, at) = (pair[0], pair[1]);
        let dates = desk.item(before).date.date().zip(desk.item(at).date.date());
        if let Some((earlier, later)) = dates
            && let Some(severity) = one_question(desk.item(before), desk.item(at), why, by_item)
            && earlier.first_day() > later.last_day()
        {
            let row = desk.item(before).row.clone();
            let message = text!(
                "日期 {later}，排在序号 {row}（{earlier}）之后",
                "dated {later}, it stands behind row {row} of {earlier}"
            );
            breaches.push((at, severity, "日期", message));
        }
    }
    for (at, severity, field, message) in breaches {
        desk.say_at(RuleId::O6, severity, at, field, message);
    }
}

/// How sure it is that two neighbours of a volume are of one question and stand by date, from what the register names
/// and, for each, why it stands there; `None` if they aren't or needn't.
fn one_question(before: &Item, after: &Item, why: &[&[Why]], by_item: bool) -> Option<Severity> {
    let among = |test: fn(&Why) -> bool| why.iter().any(|why| why.iter().any(test));
    if before.question != after.question || before.meeting_or_case != after.meeting_or_case {
        return None;
    }
    // Questions of a general volume stand by their weight; what was found late stands behind the rest (V8).
    if among(|why| matches!(why, Why::QuestionRank(_) | Why::FoundLate)) {
        return None;
    }
    // Where no question is named and a person, or an earlier catalogue, set the order, it may be several.
    let set = among(|why| matches!(why, Why::Kept | Why::PutHere));
    let several = set && before.question.is_none();
    // A box stands by time joined with matter (DA/T 22-2015, 5.3), and the matter may be told only by what is tied.
    Some(if several || by_item { Severity::Warning } else { Severity::Error })
}
