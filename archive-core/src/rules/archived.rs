//! A: what is archived, by whom, and when (归档).
//!
//! Judged on items alone: A1, A2, A5, A6. A3 looks for missing numbers in the items and in the registers of incoming
//! and outgoing papers (收文登记簿, 发文登记簿) together; A4 and A7 hold those registers against the items ([`books`](super::books)).

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use super::checking::{Check, Desk, Known};
use super::holdings::Stage;
use super::{Rule, RuleId, rule};
use crate::finding::{Finding, Place, Severity};
use crate::model::{DraftState, RetentionPeriod, TieKind};
use crate::office_register::Direction;
use crate::office_register::sequence::{self, Series};
use crate::profile::{Maker, ScopeMatcher};
use crate::reading::{DocType, RecordDate};
use crate::text;

pub(super) const RULES: &[Rule] = &[
    rule!(A1 Warning "福田《案卷质量标准》一；简阳（九）1";
        says
            "凡反映本机关工作、有查考价值的都要归档：收发文、内部文件、传真、会议文件和记录、电报、电话记录、讲话稿、表册、刊物及原稿、照片、录音录像。每个机关有一张归档范围和保管期限表，一件文件应合上其中一条。",
            "Whatever reflects the office's work and is worth consulting is archived: papers in and out, internal papers, faxes, meeting papers and minutes, telegrams, telephone records, speeches, tables, periodicals with their originals, photographs, sound and film. Each office has a table of scope with a period on each line, and each item falls under one of them.";
        example
            "题名只有“材料”二字，既无文种又无责任者，归档范围表上找不到一条合得上。",
            "A title that says only 材料, with neither type nor author, falls under no line of the table.";
        remedy
            "补全题名、文种或责任者；确属新的一类文件，在本机关的归档范围表里加一条。",
            "Complete title, type or author; if it is a new kind of record, add a line to the office's table of scope."),
    rule!(A2 Warning "福田《案卷质量标准》一";
        says
            "一份文件要齐全：印本、定稿、附件；办理的文件要有办理结果；重要文件要有历次修改稿；请示由电话答复的要有电话记录；签发手续要完备。",
            "A document is complete with its parts: the final print, the signed draft, the attachments. One that was acted upon carries its outcome, an important one its revisions; a request answered by telephone carries a record of the answer; the signing is complete.";
        example
            "只登记了定稿，没有印本；或者县档案局的请示登记在册，批复和电话记录都没有。",
            "Only the signed draft is registered, and no print; or a request is there, with neither reply nor record of a telephone answer.";
        remedy
            "找出缺的那一部分补登；确实没有的，在备注里写明原因，将来写进备考表。",
            "Find the missing part and register it; if there is none, give the reason in the remarks, from where it goes into the note of the volume."),
    rule!(A3 Warning "简阳（九）2 归档职责";
        says
            "各股室归各自分管的文件和刊物。一年的发文字号一号不缺、一号不重，期刊一期不缺；缺号、重号、跳期都要查明。",
            "Each section files what it answers for. In a year's series no document number is missing or stands for two documents, and no issue of a periodical is missing.";
        example
            "《政府工作简报》有第 16 期和第 18 期，没有第 17 期；“临政〔2004〕24号”写在两份不同的通知上。",
            "A bulletin has issues 16 and 18 and no 17; one number stands on two different notices.";
        remedy
            "向承办股室查找缺的一号；作废的号在备注里注明；重号的核对原件。",
            "Ask the section for the missing one; note numbers that were cancelled; for repeats look at the originals."),
    rule!(A4 Warning "简阳（八）公文处理、（九）1；杂多第二十六、三十、三十三条；县委办文书科职责";
        says
            "当年收文、发文登记簿上的每一件，都能在当年的档案里找到，或者有记录在案的理由（清退、销毁、无保存价值）。缺的列单，并算出归档率。",
            "Everything in a year's registers of incoming and outgoing papers is found in that year's records, or a reason is on record (returned, destroyed, of no value). What is missing is listed, and the archiving rate given.";
        example
            "发文登记簿有“临政办〔2004〕11号”，档案里没有，也没有说明。",
            "The outgoing register has 临政办〔2004〕11号; the archive has neither it nor a reason.";
        remedy
            "逐件追收，或在登记簿上写明去向。",
            "Collect each of them, or write into the register where it went."),
    rule!(A5 Warning "简阳（九）3；杂多第三十三条";
        says
            "上一年的文件，各股室在次年规定日期前交齐，由办公室移交档案馆：四月底或六月底，由机关自定。会计档案立卷后在财务部门留一年再交。",
            "The past year's records are handed over by a day of the following year: the end of April or of June, as the office has it. Accounting records stay one year with the finance section first.";
        example
            "2004 年的文件到 2005 年 5 月 10 日还有 40 件没有组卷，期限是 4 月 30 日。",
            "On 10 May 2005, 40 items of 2004 are in no volume; the deadline was 30 April.";
        remedy
            "尽快整理移交；已与档案馆商定推迟的，在规则集里改期限。",
            "Arrange and hand over; if a later day was agreed with the archives, change the deadline in the profile."),
    rule!(A6 Warning "福田《案卷质量标准》一、十三";
        says
            "用铅笔、圆珠笔书写，或者用复写纸、传真纸（热敏纸）的，属永久、长期保存的要采取补救措施：复印、扫描，与原件一并保存。",
            "Records in pencil or ballpoint, on carbon or fax paper, need remedial treatment when they are kept permanently or long: a copy is made and kept with the original.";
        example
            "县领导的铅笔批示，永久保存；或者传真来的电报，字迹两三年就会褪。",
            "A permanent written instruction in pencil; or a telegram by fax, whose writing fades within a few years.";
        remedy
            "复印到耐久纸上随原件入卷，并在备注里写“已补救”。",
            "Copy it onto durable paper, file the copy with the original, and write 已补救 into the remarks."),
    rule!(A7 Warning "县委办机要文件室职责（四）";
        says
            "上级规定要清退的文件，每年列单清退，一个月内记下退清。",
            "Papers that a superior wants back are listed each year, and their return is recorded within one month of the clearing.";
        example
            "2004 年应清退的中央文件 12 份，记录只退了 11 份。",
            "Of 12 central papers due for return in 2004, 11 are recorded as returned.";
        remedy
            "追回未退的，退后补记日期和经手人。",
            "Recover what is outstanding; record date and person on its return."),
];

/// The checks of this chapter, each a task of its own.
pub(super) const CHECKS: [Check; 8] =
    [scope, requests_without_reply, completeness, series, sections, number_years, deadline, materials];

/// A1: an item that falls under no line of the table of scope.
fn scope(desk: &mut Desk<'_>) {
    let profile = desk.profile;
    if profile.retention.scope.is_empty() {
        return;
    }
    let matcher = ScopeMatcher::new(&profile.retention);
    desk.each_open(|desk, at, item| {
        // What belongs to another document goes with it and needs no line of its own.
        if item.title.trim().is_empty()
            || item.period.is_some()
            || desk.depends[at]
            || desk.titles[at].attachment.is_some()
        {
            return;
        }
        if matcher.index_of(item, desk.doc_type(at), desk.makers[at], &mut Vec::new()).is_none() {
            let message = text!("归档范围表里没有合得上的一条", "no line of the table of scope covers it");
            desk.say(RuleId::A1, at, "题名", message);
        }
    });
}

const fn is_draft(state: Option<DraftState>) -> bool {
    matches!(state, Some(DraftState::SignedDraft | DraftState::Revision(_) | DraftState::Draft))
}

/// A2: a draft without its final print.
fn completeness(desk: &mut Desk<'_>) {
    let mut drafts: Vec<usize> =
        desk.open_items().filter(|(_, item)| is_draft(item.state)).map(|(at, _)| at).collect();
    if drafts.is_empty() {
        return;
    }
    let mut complete: Vec<bool> = vec![false; desk.holdings.items.len()];
    for tie in &desk.ties {
        if matches!(tie.kind, TieKind::SignedDraft | TieKind::Revision) && !is_draft(desk.item(tie.to).state)
        {
            complete[tie.from] = true;
        }
    }
    let mut numbers = HashSet::new();
    let mut titles = HashSet::new();
    for (at, item) in desk.open_items().filter(|(_, item)| !is_draft(item.state)) {
        numbers.extend(item.number.iter().flat_map(|number| &number.parts));
        titles.insert(desk.titles[at].bare);
    }
    drafts.retain(|at| {
        let item = desk.item(*at);
        let numbered = item.number.iter().flat_map(|number| &number.parts).any(|part| numbers.contains(part));
        !complete[*at] && !numbered && !titles.contains(desk.titles[*at].bare)
    });
    for at in drafts {
        // A plan still being drafted at the year's end has no print yet.
        let unfinished = desk.titles[at].is_draft() && desk.item(at).number.is_none();
        let severity = if unfinished { Severity::Warning } else { Severity::Error };
        let state = desk.item(at).state.map(DraftState::word).unwrap_or_default();
        let message = text!("只有{state}，没有印本", "there is a draft ({state}) and no final print");
        desk.say_at(RuleId::A2, severity, at, "稿本", message);
    }
}

/// A2: a request that nobody answered. A reply is found by its tie, or by what the two titles are about.
fn requests_without_reply(desk: &mut Desk<'_>) {
    let mut answered = vec![false; desk.holdings.items.len()];
    for tie in &desk.ties {
        match tie.kind {
            TieKind::Request | TieKind::Incoming | TieKind::Forwarded => answered[tie.from] = true,
            TieKind::Outcome => answered[tie.to] = true,
            _ => {}
        }
    }
    let requests: Vec<usize> = desk
        .open_items()
        .filter(|(at, item)| {
            desk.doc_type(*at) == Some(DocType::Request)
                && !answered[*at]
                && !is_draft(item.state)
                && desk.titles[*at].attachment.is_none()
        })
        .map(|(at, _)| at)
        .collect();
    if requests.is_empty() {
        return;
    }
    let replies = Replies::of(desk);
    let known = desk.known;
    let unanswered: Vec<usize> = requests.into_par_iter().filter(|at| !replies.answers(known, *at)).collect();
    for at in unanswered {
        let telephoned = desk.item(at).remarks.as_deref().is_some_and(|remarks| remarks.contains("电话"));
        let message = if telephoned {
            text!(
                "请示由电话答复，没有答复的记录",
                "the request was answered by telephone, and no record of the answer is there"
            )
        } else {
            text!(
                "有请示，没有批复，也没有电话答复的记录",
                "a request with neither reply nor record of a telephone answer"
            )
        };
        desk.say(RuleId::A2, at, "关联序号", message);
    }
}

/// The papers that may answer a request, found by pairs of characters in what they are about.
struct Replies {
    by_pair: HashMap<(char, char), Vec<u32>>,
    pairs: HashMap<u32, usize>,
}

/// Pairs found in more replies than this tell nothing.
const COMMON: usize = 200;

impl Replies {
    fn of(desk: &Desk<'_>) -> Self {
        let known = desk.known;
        let matters: Vec<(u32, Vec<(char, char)>)> = (0..known.holdings.items.len())
            .into_par_iter()
            .filter(|at| known.is_open(*at) && Self::may_answer(known, *at))
            .filter_map(|at| {
                let title = &known.titles[at];
                Some((u32::try_from(at).ok()?, matter(title.about.unwrap_or(title.bare))))
            })
            .collect();
        let mut by_pair: HashMap<(char, char), Vec<u32>> = HashMap::new();
        let mut pairs = HashMap::new();
        for (id, own) in matters {
            pairs.insert(id, own.len());
            for pair in own {
                by_pair.entry(pair).or_default().push(id);
            }
        }
        Self { by_pair, pairs }
    }

    fn may_answer(known: &Known<'_>, at: usize) -> bool {
        match known.doc_type(at) {
            Some(DocType::Reply | DocType::ReplyLetter | DocType::Answer | DocType::Comment) => true,
            Some(DocType::Record) => known.item(at).title.contains("电话"),
            _ => false,
        }
    }

    /// Whether some reply is about the same matter: at least half of the shorter one's pairs stand in the other.
    fn answers(&self, known: &Known<'_>, request: usize) -> bool {
        let title = &known.titles[request];
        let wanted = matter(title.about.unwrap_or(title.bare));
        let mut shared: Vec<u32> = wanted
            .iter()
            .filter_map(|pair| self.by_pair.get(pair).filter(|ids| ids.len() <= COMMON))
            .flatten()
            .copied()
            .collect();
        shared.sort_unstable();
        shared.chunk_by(|a, b| a == b).any(|same| {
            let shorter = self.pairs.get(&same[0]).copied().unwrap_or(usize::MAX).min(wanted.len());
            same.len() * 2 >= shorter
        })
    }
}

/// Pairs of characters of a matter, each once, without the words every request and reply uses.
fn matter(about: &str) -> Vec<(char, char)> {
    const EMPTY_WORDS: [&str; 18] = [
        "关于",
        "要求",
        "请求",
        "申请",
        "恳请",
        "报请",
        "上报",
        "审批",
        "审定",
        "批准",
        "同意",
        "解决",
        "有关问题",
        "问题",
        "的",
        "给予",
        "临时",
        "给",
    ];
    let mut plain = about.to_owned();
    for word in EMPTY_WORDS {
        plain = plain.replace(word, " ");
    }
    let chars: Vec<char> = plain.chars().collect();
    let mut pairs: Vec<(char, char)> = chars
        .windows(2)
        .filter(|pair| pair.iter().all(|c| c.is_alphanumeric()))
        .map(|pair| (pair[0], pair[1]))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// A3: a periodical filed by another section than the one that answers for it.
fn sections(desk: &mut Desk<'_>) {
    let profile = desk.profile;
    if profile.sections.is_empty() {
        return;
    }
    for (at, item) in desk.open_items() {
        let Some(section) = &item.section else { continue };
        let answers =
            profile.sections.iter().find(|one| one.files.iter().any(|word| item.title.contains(word)));
        if let Some(other) = answers.filter(|one| one.name != *section) {
            let name = &other.name;
            let message =
                text!("应由{name}归档，登记的是{section}", "{name} answers for it, and {section} filed it");
            desk.say(RuleId::A3, at, "归档机构", message);
        }
    }
}

/// Who bears a number: an item, or only a line of the office's registers.
#[derive(Debug, Clone, Copy)]
enum Bearer {
    Item(usize),
    Line(usize),
}

/// A3: a number that is missing in the office's own series, or stands for two documents.
fn series(desk: &mut Desk<'_>) {
    let entries = &desk.holdings.registers.books.entries;
    let bare: Vec<&str> = desk.titles.iter().map(|title| title.bare).collect();
    let mut series: BTreeMap<Series<'_>, BTreeMap<u32, Vec<Bearer>>> = BTreeMap::new();
    for (at, item) in desk.holdings.items.iter().enumerate() {
        // A classified paper's number counts: its placeholder holds it.
        if desk.is_open(at) && desk.makers[at] != Some(Maker::Own) {
            continue;
        }
        for part in item.number.iter().flat_map(|number| &number.parts) {
            if let Some(of) = Series::of(part, bare[at], &item.bodies) {
                series.entry(of).or_default().entry(part.serial).or_default().push(Bearer::Item(at));
            }
        }
    }
    // What is registered was given out: whether it is in the archive is A4's question.
    let known: Vec<Series<'_>> = series.keys().copied().collect();
    for (at, entry) in entries.iter().enumerate() {
        for (of, serial) in sequence::of_entry(entry) {
            // The outgoing book needn't say that its bulletins are the office's.
            let of = known.iter().copied().find(|known| known.is_run_of(&of)).unwrap_or(of);
            series.entry(of).or_default().entry(serial).or_default().push(Bearer::Line(at));
        }
    }
    let tied: HashSet<(usize, usize)> =
        desk.ties.iter().flat_map(|tie| [(tie.from, tie.to), (tie.to, tie.from)]).collect();
    for (key, mut numbers) in series {
        // By register and row, so that nothing depends on the order the items came in.
        for bearers in numbers.values_mut() {
            bearers.sort_by_key(|bearer| match bearer {
                Bearer::Item(at) => (0, &desk.item(*at).origin, desk.item(*at).id.0),
                Bearer::Line(at) => (1, &entries[*at].origin, entries[*at].id.0),
            });
        }
        gaps(desk, &key, &numbers);
        repeats(desk, &numbers, &tied);
    }
}

fn gaps(desk: &mut Desk<'_>, key: &Series<'_>, numbers: &BTreeMap<u32, Vec<Bearer>>) {
    // Orders (令) and old numbers run on through the years; one year's records hold a few of them.
    if key.year.is_none() {
        return;
    }
    let missing = sequence::gaps(&numbers.keys().copied().collect());
    let Some((_, before)) = missing.first() else { return };
    let Some(after) = numbers.range(before..).next().and_then(|(_, bearers)| bearers.first()) else { return };
    let (name, list, unit) = (key.name, sequence::ranges(&missing), key.unit.word());
    let year = key.year.map(|year| format!("〔{year}〕")).unwrap_or_default();
    let message = text!("“{name}{year}”缺第 {list} {unit}", "the series {name}{year} lacks number {list}");
    match *after {
        Bearer::Item(at) => desk.say(RuleId::A3, at, "文号", message),
        Bearer::Line(at) => {
            let entry = &desk.holdings.registers.books.entries[at];
            let mut finding = Finding::new(RuleId::A3, super::books::place(entry, "文号"), message);
            // Issues of somebody else's periodical may never have been sent.
            if entry.direction() == Direction::Incoming {
                finding = finding.at(Severity::Info);
            }
            desk.findings.push(finding);
        }
    }
}

fn repeats(desk: &mut Desk<'_>, numbers: &BTreeMap<u32, Vec<Bearer>>, tied: &HashSet<(usize, usize)>) {
    for bearers in numbers.values().filter(|bearers| bearers.len() > 1) {
        let prints: Vec<usize> = bearers
            .iter()
            .filter_map(|bearer| match bearer {
                Bearer::Item(at) => Some(*at),
                Bearer::Line(_) => None,
            })
            .filter(|at| {
                let item = desk.item(*at);
                desk.is_open(*at)
                    && matches!(item.state, None | Some(DraftState::Print))
                    && item.number.as_ref().is_some_and(|number| !number.original.contains('附'))
                    && desk.titles[*at].attachment.is_none()
            })
            .collect();
        for pair in prints.windows(2) {
            let (first, second) = (pair[0], pair[1]);
            let (one, other) = (desk.titles[first].bare, desk.titles[second].bare);
            // The notice and the regulation it issues bear one number, and one title holds the other.
            if one.contains(other) || other.contains(one) || tied.contains(&(first, second)) {
                continue;
            }
            let number = desk.item(second).number.as_ref().map(ToString::to_string).unwrap_or_default();
            let row = desk.item(first).row.clone();
            let message = text!(
                "“{number}”已是序号 {row} 的文号，两件题名不同",
                "{number} is already the number of row {row}, which has another title"
            );
            desk.say(RuleId::A3, second, "文号", message);
        }
    }
}

/// A3: the year of a number far from the date. One year apart is usual: signed in January.
fn number_years(desk: &mut Desk<'_>) {
    for (at, item) in desk.open_items() {
        let (Some(number), Some(date)) = (&item.number, item.date.date()) else { continue };
        let Some(year) = number.parts.first().and_then(|part| part.year) else { continue };
        if year.abs_diff(date.year()) > 1 {
            let message = text!(
                "文号是 {year} 年的，日期是 {date}，相差一年以上",
                "the number is of {year} and the date {date}: more than a year apart"
            );
            desk.say_at(RuleId::A3, Severity::Info, at, "文号", message);
        }
    }
}

/// A5: a year whose deadline is near or past, with items still in no volume.
fn deadline(desk: &mut Desk<'_>) {
    if desk.holdings.stage != Stage::Repository {
        return;
    }
    let mut waiting: BTreeMap<i32, usize> = BTreeMap::new();
    for (_, item) in desk.open_items().filter(|(at, _)| desk.places[*at].is_none()) {
        if let Some(year) = item.year.or_else(|| item.date.date().map(RecordDate::year)) {
            *waiting.entry(year).or_default() += 1;
        }
    }
    for (year, count) in waiting {
        let Some(due) = desk.profile.deadlines.filing_day(year) else { continue };
        let days = (due - desk.today).num_days();
        let (severity, message) = if days < 0 {
            let late = -days;
            (
                Severity::Error,
                text!(
                    "{year} 年还有 {count} 件没有组卷，{due} 到期，已过 {late} 天",
                    "{count} items of {year} are in no volume; they were due on {due}, {late} days ago"
                ),
            )
        } else if days <= i64::from(desk.profile.deadlines.warn_days) {
            (
                Severity::Warning,
                text!(
                    "{year} 年还有 {count} 件没有组卷，{due} 到期，还有 {days} 天",
                    "{count} items of {year} are in no volume; they are due on {due}, in {days} days"
                ),
            )
        } else {
            continue;
        };
        let place = Place { year: Some(year), field: Some("年度".to_owned()), ..Place::default() };
        desk.findings.push(Finding::new(RuleId::A5, place, message).at(severity));
    }
}

/// A6: writing that fades, in records kept long.
fn materials(desk: &mut Desk<'_>) {
    const FADING: [&str; 5] = ["铅笔", "圆珠笔", "复写", "传真", "热敏"];
    const TREATED: [&str; 5] = ["补救", "已复印", "附复印件", "已复制", "已托裱"];
    for (at, item) in desk.open_items() {
        let Some(material) = &item.materials else { continue };
        let treated =
            item.remarks.as_deref().is_some_and(|remarks| TREATED.iter().any(|word| remarks.contains(word)));
        let Some(period) = desk.period(at) else { continue };
        let long = match period {
            RetentionPeriod::Permanent | RetentionPeriod::LongTerm => true,
            RetentionPeriod::Years(years) => years >= 30,
            RetentionPeriod::ShortTerm => false,
        };
        if long && !treated && FADING.iter().any(|word| material.contains(word)) {
            let message = text!(
                "{period}保存而用{material}，字迹会褪，须补救",
                "kept {period} and written in or on {material}, which fades: it needs treatment"
            );
            desk.say(RuleId::A6, at, "书写材料", message);
        }
    }
}
