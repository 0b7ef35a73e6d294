//! V: forming volumes (组卷).
//!
//! V4, V6, V8 and V9 say above all how volumes are made: [`crate::arrange`] carries them out and gives its reasons. What a
//! person changed afterwards is judged here.

use std::collections::{BTreeMap, HashSet};

use super::checking::{Desk, volume_name};
use super::{Rule, RuleId, rule};
use crate::finding::Severity;
use crate::model::{RetentionPeriod, Side, TieKind, Volume, Why};
use crate::profile::{Maker, ScopeMatcher};
use crate::reading::{RecordDate, folded, whole_number};
use crate::text;
use crate::text::Text;

pub(super) const RULES: &[Rule] = &[
    rule!(V1 Error "福田《案卷质量标准》二";
        says
            "不同年度的文件不在一卷。计划、总结、预算、报表归内容所针对的年度，多年总结归最后一年，多年计划归第一年；请示与批复归批复的年度；跨年的会议、案件归结束的年度。凡年度不随日期的，说明理由。",
            "Records of different years are never in one volume. A plan, summary, budget or statistic belongs to the year it speaks of, a summary of several years to the last, a plan of several years to the first; a request and its reply to the year of the reply; a meeting or case to the year it closed. Each year that isn't the date's own has its reason.";
        example
            "2004 年 12 月的请示、2005 年 1 月的批复，一并归 2005 年；2005 年 1 月印发的 2004 年总结归 2004 年。",
            "A request of December 2004 with its reply of January 2005 belongs to 2005; a summary of 2004, issued in January 2005, to 2004.";
        remedy
            "把不属本年的文件移到它那一年的卷里；有理由留下的，改正它的年度并说明。",
            "Move it to a volume of its year; if it belongs here, correct its year and say why."),
    rule!(V2 Error "福田《案卷质量标准》二";
        says
            "党委的文件和政府的文件分开组卷。党政联合发文归主办的一方。",
            "Party records and government records are in separate volumes. A paper issued jointly goes with its leading body.";
        example
            "县委的任职通知和县政府的任职通知各立一卷。",
            "The party committee's appointments and the county government's make two volumes.";
        remedy
            "分成两卷；党政一栏填错的改正。",
            "Split the volume; if the side was registered wrongly, correct it."),
    rule!(V3 Error "福田《案卷质量标准》三";
        says
            "保管期限不同的文件不在一卷。请示与批复、正件与附件等相关联的，从其中最长的期限。",
            "Records of different periods are not in one volume. What belongs together (a request and its reply, a document and its parts) takes the longest of its periods.";
        example
            "请示填短期，批复填永久：两件都按永久。",
            "A request registered as short-term whose reply is permanent: both are permanent.";
        remedy
            "把期限统一到最长的，或把文件移到相应期限的卷里。",
            "Raise the shorter period to the longest, or move the item to a volume of its own period."),
    rule!(V4 Info "福田《案卷质量标准》二";
        says
            "在年度、党政、期限之内，把一项工作、一个问题、一次会议、一个案件的文件组成一卷，灵活运用六个特征：问题、时间、名称（文种）、作者、通讯者、地区。",
            "Within year, side and period, the records of one task, question, meeting or case form a volume, joined by six features: question, time, type, author, correspondent, region.";
        example
            "全县农村工作会议的通知、议程、报告、讲话、简报同属一次会议。",
            "Notice, agenda, report, speeches and bulletins of one conference belong to one meeting.";
        remedy
            "看方案里每卷的“组卷特征”，不合适的在方案表里移动。",
            "See the features each proposed volume names, and move in the plan what doesn't fit."),
    rule!(V5 Error "福田《案卷质量标准》二";
        says
            "文件太多一卷装不下的，分立几卷，题名加“之一”“之二”。有关联的文件（请示与批复、正件与附件）不拆开。",
            "A group too large for one volume is split, and the volumes are titled 之一, 之二. What is tied together is never split.";
        example
            "批复在《水利请示批复之一》，它的请示却在《之二》。",
            "A reply lies in the first volume and its request in the second.";
        remedy
            "把有关联的几件放进同一卷，从别处分开。",
            "Put what is tied into one volume, and cut elsewhere."),
    rule!(V6 Info "福田《案卷质量标准》三";
        says
            "判定价值要从一个问题、一个类的角度通盘考虑，不是一张一张地定；一组文件从主件的价值，例外要说明。",
            "Value is judged for the whole question, not sheet by sheet: within a group the main record decides, and an exception is explained.";
        example
            "土地权属案永久保存，其中的询问笔录单看价值不高，也随案永久。",
            "A land dispute is kept for good, and so is each interview in it, slight as it may look alone.";
        remedy
            "接受随主件的期限，或写明这一件为什么例外。",
            "Accept the main record's period, or say why this one is an exception."),
    rule!(V7 Warning "福田《案卷质量标准》三";
        says
            "永久、长期保存的本机关发文留存三份：一份与定稿立正卷，一份作副卷供查阅，一份供汇编。",
            "Own records kept permanently or long-term are kept in three copies: one with the signed draft in the main volume, one in the duplicate volume for consultation, one for compilation.";
        example
            "“临政〔2004〕26号”永久，登记备注“存一份”。",
            "A permanent own document, of which the remarks say that one copy is kept.";
        remedy
            "向印发部门补取；取不到的，复印并注明。",
            "Get the missing ones from the printer's, or make copies and mark them as such."),
    rule!(V8 Error "福田《档案整理工作制度》二(一)4";
        says
            "过去遗漏的文件，按全宗、按年度补充到应在的地方，已编目的号一个不改；从未整理过的，从头整理。",
            "Documents found late are added to their fonds and year without changing a number that was catalogued; what was never arranged is arranged from the start.";
        example
            "2003 年的案卷已编到 45 号，今年发现一份 2003 年的批复：放进有关卷的末尾，或立 46 号卷。",
            "The volumes of 2003 end at 45, and a reply of 2003 turns up: it goes to the end of its volume, or into volume 46.";
        remedy
            "补在卷末或新立一卷，不插号、不改号。",
            "Add it at the end of a volume or in a new one; insert and change no number."),
    rule!(V9 Info "福田《档案整理工作制度》二(一)2";
        says
            "已经整理、有规可循、有目可查的，保持原有体系，不打乱重来；有缺点的用补充检索工具弥补。",
            "An arrangement that follows a rule and has a list is kept, not redone; its faults are mended by extra finding aids.";
        example
            "旧案卷按作者立卷，与今天按问题的做法不同：不拆，另编专题目录。",
            "Old volumes were formed by author, not by question as today: they stay, and a subject catalogue is made.";
        remedy
            "保留原卷，另编检索工具。",
            "Keep the volumes, and make a finding aid.";
        judged by nobody
            "已编目的案卷程序原样保留，不会重整；编目之前的旧整理，程序无从得知",
            "What was catalogued the program keeps as it is; of an arrangement that was there before it knows nothing"),
];

pub(super) fn check(desk: &mut Desk<'_>) {
    let in_year = Company::of(desk);
    for volume in desk.volumes() {
        for entry in &volume.entries {
            let Some(at) = desk.at(entry.item).filter(|at| desk.is_open(*at)) else { continue };
            year(desk, at, volume, &entry.why, &in_year);
            side(desk, at, volume.side);
            period(desk, at, volume.period, &entry.why);
        }
    }
    tied_periods(desk);
    cut_ties(desk);
    copies(desk);
    features(desk);
    one_value(desk);
    late_ones(desk);
}

/// V4: a volume of several items that nothing joins.
fn features(desk: &mut Desk<'_>) {
    for volume in desk.volumes().iter().filter(|volume| volume.entries.len() > 1) {
        if volume.joined_by.is_empty() {
            let message = text!(
                "卷内文件没有一个共同的特征（问题、时间、文种、作者、通讯者、地区）",
                "nothing joins its items: neither question, time, type, author, correspondent nor region"
            );
            desk.say_of_volume(RuleId::V4, volume, "", message);
        }
    }
}

/// One meeting or case: year, side, its name.
type Affair<'a> = (i32, Side, &'a str);

/// V6: of one meeting or case, items that a person gave a shorter period than its main records have, without a word.
fn one_value(desk: &mut Desk<'_>) {
    let mut groups: BTreeMap<Affair<'_>, Vec<(usize, RetentionPeriod)>> = BTreeMap::new();
    for volume in desk.volumes() {
        for at in volume.entries.iter().filter_map(|entry| desk.at(entry.item)) {
            if let Some(name) = desk.item(at).meeting_or_case.as_deref().filter(|_| desk.is_open(at)) {
                groups.entry((volume.year, volume.side, name)).or_default().push((at, volume.period));
            }
        }
    }
    let profile = desk.profile;
    let matcher = ScopeMatcher::new(&profile.retention);
    for ((_, _, name), items) in groups {
        let Some(main) = items.iter().map(|(_, period)| *period).min() else { continue };
        for (at, period) in items.into_iter().filter(|(_, period)| *period != main) {
            let item = desk.item(at);
            let said = item.remarks.as_deref().is_some_and(|remarks| remarks.contains("期限"));
            // Speeches and bulletins of a meeting have lines of their own in the table of scope.
            let by_line = || {
                let line = matcher.best(item, desk.makers[at]);
                line.is_some_and(|found| Some(found.line.period) == item.period)
            };
            if item.period.is_some() && !said && !by_line() {
                let message = text!(
                    "“{name}”的主要文件是{main}，这一件登记为{period}，没有说明",
                    "the main records of \"{name}\" are {main}, this one was registered as {period}, and nothing says why"
                );
                desk.say(RuleId::V6, at, "保管期限", message);
            }
        }
    }
}

/// V8: an item found late that stands before one that was catalogued, whose number it would change.
fn late_ones(desk: &mut Desk<'_>) {
    for volume in desk.volumes().iter().filter(|volume| volume.number.is_some()) {
        let is_late = |why: &[Why]| why.contains(&Why::FoundLate);
        let last = volume.entries.iter().rposition(|entry| !is_late(&entry.why));
        for entry in volume.entries.iter().take(last.unwrap_or(0)).filter(|entry| is_late(&entry.why)) {
            let Some(at) = desk.at(entry.item) else { continue };
            let message = text!(
                "后补的文件排在已编目的文件之前，会改动它们的号",
                "found late, it stands before items that were catalogued, and would change their numbers"
            );
            desk.say(RuleId::V8, at, "件号", message);
        }
    }
}

/// Which items keep company, in their volume, with one dated in the volume's year.
struct Company<'a> {
    tied: Vec<bool>,
    meetings: HashSet<(u32, &'a str)>,
}

impl<'a> Company<'a> {
    fn of(desk: &Desk<'a>) -> Self {
        let dated_right = |at: usize| {
            let year = desk.item(at).date.date().map(RecordDate::year);
            year.is_some() && year == desk.volume_of(at).map(|volume| volume.year)
        };
        let mut tied = vec![false; desk.holdings.items.len()];
        for tie in &desk.ties {
            if desk.places[tie.from].map(|place| place.0) == desk.places[tie.to].map(|place| place.0) {
                tied[tie.from] |= dated_right(tie.to);
                tied[tie.to] |= dated_right(tie.from);
            }
        }
        let meetings = desk
            .open_items()
            .filter(|(at, _)| dated_right(*at))
            .filter_map(|(at, item)| Some((desk.places[at]?.0, item.meeting_or_case.as_deref()?)))
            .collect();
        Self { tied, meetings }
    }

    fn with(&self, desk: &Desk<'_>, at: usize) -> bool {
        let meeting = desk.item(at).meeting_or_case.as_deref();
        self.tied[at]
            || desk.places[at]
                .zip(meeting)
                .is_some_and(|((volume, _), meeting)| self.meetings.contains(&(volume, meeting)))
    }
}

/// V1: an item of another year than its volume, without a reason.
fn year(desk: &mut Desk<'_>, at: usize, volume: &Volume, why: &[Why], company: &Company<'_>) {
    let (item, year) = (desk.item(at), volume.year);
    if let Some(given) = item.year {
        if given != year {
            let message = text!(
                "登记为 {given} 年度，放在 {year} 年度的卷里",
                "registered as of {given}, in a volume of {year}"
            );
            desk.say(RuleId::V1, at, "年度", message);
        }
        return;
    }
    let Some(dated) = item.date.date().map(RecordDate::year).filter(|dated| *dated != year) else { return };
    let reasoned = why.iter().any(|why| why.rule() == RuleId::V1 && !matches!(why, Why::YearOfDate(_)));
    if !reasoned && !speaks_of(desk, at, year) && !company.with(desk, at) {
        let message = text!(
            "日期在 {dated} 年，放在 {year} 年度的卷里，没有说明理由",
            "dated {dated}, in a volume of {year}, with no reason given"
        );
        desk.say(RuleId::V1, at, "年度", message);
    }
}

/// Whether a plan, summary or the like names the year in its title.
fn speaks_of(desk: &Desk<'_>, at: usize, year: i32) -> bool {
    const OF_A_YEAR: [&str; 11] =
        ["预算", "决算", "计划", "总结", "规划", "统计", "报告", "报表", "公报", "要点", "年度"];
    let title = &desk.item(at).title;
    title.contains(&year.to_string()) && OF_A_YEAR.iter().any(|word| title.contains(word))
}

/// V2: an item of the other side.
fn side(desk: &mut Desk<'_>, at: usize, volume: Side) {
    if let Some(given) = desk.item(at).side.filter(|given| *given != volume) {
        let message = Text::new(
            format!("登记为“{}”，放在“{}”的卷里", given.word(), volume.word()),
            format!("registered as {}, in a volume of the {} side", given.english(), volume.english()),
        );
        desk.say(RuleId::V2, at, "党政", message);
    }
}

/// V3: an item of another period than its volume. A longer one is allowed where a tie, its group or a person asks for it.
fn period(desk: &mut Desk<'_>, at: usize, volume: RetentionPeriod, why: &[Why]) {
    let Some(given) = desk.item(at).period.filter(|given| *given != volume) else { return };
    let lifted = given.longer(volume) == volume
        && (desk.tied[at]
            || why.iter().any(|why| {
                matches!(why, Why::PeriodOfTie(_) | Why::PeriodOfMain(_) | Why::PeriodDecided(_))
            }));
    if !lifted {
        let message = text!(
            "登记的期限是{given}，放在{volume}的卷里",
            "registered as {given}, in a volume kept {volume}"
        );
        desk.say(RuleId::V3, at, "保管期限", message);
    }
}

/// V3: two items that belong together and were given different periods.
fn tied_periods(desk: &mut Desk<'_>) {
    for tie in &desk.known.ties {
        let one_matter = matches!(
            tie.kind,
            TieKind::Request
                | TieKind::Incoming
                | TieKind::Attachment
                | TieKind::SignedDraft
                | TieKind::Revision
        );
        let (Some(one), Some(other)) = (desk.item(tie.from).period, desk.item(tie.to).period) else {
            continue;
        };
        if !one_matter || !tie.sure || one == other {
            continue;
        }
        let longest = one.longer(other);
        let (at, partner, short) =
            if one == longest { (tie.to, tie.from, other) } else { (tie.from, tie.to, one) };
        let row = desk.item(partner).row.clone();
        let message = text!(
            "登记的期限是{short}，与它相关联的序号 {row} 是{longest}：应从长",
            "registered as {short}, while row {row}, tied to it, is kept {longest}: the longer one holds for both"
        );
        // Once both lie in a volume kept that long, the rule is met; the register still says otherwise.
        let met = desk.places[at].is_some_and(|place| desk.volumes()[place.0 as usize].period == longest);
        let severity = if met { Severity::Warning } else { desk.profile.severity(RuleId::V3) };
        desk.say_at(RuleId::V3, severity, at, "保管期限", message);
    }
}

/// V5: a tie whose two ends lie in different volumes.
fn cut_ties(desk: &mut Desk<'_>) {
    for tie in &desk.known.ties {
        let (Some(one), Some(other)) = (desk.places[tie.from], desk.places[tie.to]) else { continue };
        if one.0 == other.0 || !tie.sure {
            continue;
        }
        let partner = desk.volume_of(tie.to).map(volume_name).unwrap_or_default();
        let row = desk.item(tie.to).row.clone();
        let message = Text::new(
            format!("是序号 {row} 的{}，那一件却在另一卷“{partner}”", tie.kind.word()),
            format!("it is the {} of row {row}, which lies in another volume, {partner}", tie.kind.english()),
        );
        desk.say(RuleId::V5, tie.from, "关联序号", message);
    }
}

/// V7: own records kept long, of which the register says that fewer copies are kept. Where it says nothing, so do we.
fn copies(desk: &mut Desk<'_>) {
    let wanted = desk.profile.volumes.copies;
    if wanted < 2 {
        return;
    }
    for (at, item) in desk.open_items() {
        let long = matches!(desk.period(at), Some(RetentionPeriod::Permanent | RetentionPeriod::LongTerm));
        if !long || desk.makers[at] != Some(Maker::Own) || item.number.is_none() {
            continue;
        }
        let kept = item.remarks.as_deref().and_then(copies_kept).filter(|kept| *kept < u32::from(wanted));
        if let Some(kept) = kept {
            let message = text!(
                "本机关发文应留存 {wanted} 份，备注只说 {kept} 份",
                "{wanted} copies of an own record are kept, and the remarks tell of {kept}"
            );
            desk.say(RuleId::V7, at, "备注", message);
        }
    }
}

/// 存2份, 留存一份, 仅存 1 份: how many copies the remarks say are kept.
fn copies_kept(remarks: &str) -> Option<u32> {
    let (_, after) = remarks.split_once('存')?;
    let plain = folded(after);
    let end = plain.find('份')?;
    whole_number(&plain[..end])
}
