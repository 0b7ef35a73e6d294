//! What a title tells: who writes, about what, in which type of document, and whom it passes on.
//!
//! An official title has three parts, author, question and type (县水利局 关于解决防汛抢险经费 的请示), and may
//! hold another title inside it (转发《…》的通知). Arrangement compares questions with questions and types
//! with types, so each title is read once into a [`Wording`], whose parts are ranges of the tidied title.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// What arrangement needs to know of a type of document: which part it plays among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Family {
    /// 条例, 规定, 办法, 制度: what is in force until it is replaced.
    Rule,
    /// 决定, 决议, 命令, 公告.
    Decision,
    /// 判决书, 处理决定, 结论: what a case ends with.
    Verdict,
    /// 批复, 批示.
    Reply,
    /// 请示, 申请.
    Request,
    /// 复函.
    LetterReply,
    /// 函.
    Letter,
    /// 答复: to a proposal or a petition.
    Answer,
    /// 提案, 建议, 议案.
    Proposal,
    /// 来信, 信访.
    Petition,
    /// 报告, 汇报.
    Report,
    /// 规划, 计划, 方案, 要点.
    Plan,
    /// 总结.
    Summary,
    /// 预算.
    Budget,
    /// 决算, 统计, 报表.
    Statistic,
    /// 意见, 通知, 通报.
    Notice,
    /// 纪要, 记录.
    Minutes,
    /// 讲话, 发言.
    Speech,
    /// 简报, 信息, 快报.
    Bulletin,
    /// 合同, 协议.
    Contract,
    /// 笔录, 证明, 照片: what a decision rests on.
    Evidence,
    /// 名单, 议程, 表.
    List,
    /// Anything else.
    Other,
}

/// A type of document as arrangement sees it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// The word at the end of a title.
    pub(crate) word: &'static str,
    /// The part it plays.
    pub(crate) family: Family,
    /// How much it weighs beside others when one of them must stand for the question (V6, O6): 0 to 100.
    pub(crate) weight: u8,
}

const fn kind(word: &'static str, family: Family, weight: u8) -> Kind {
    Kind { word, family, weight }
}

/// The types, the longer words first where one ends another.
pub(crate) static KINDS: &[Kind] = &[
    kind("", Family::Other, 20),
    kind("处理决定书", Family::Verdict, 92),
    kind("处罚决定书", Family::Verdict, 92),
    kind("处理决定", Family::Verdict, 92),
    kind("处分决定", Family::Verdict, 92),
    kind("处罚决定", Family::Verdict, 92),
    kind("裁决决定", Family::Verdict, 92),
    kind("行政裁决书", Family::Verdict, 92),
    kind("判决书", Family::Verdict, 92),
    kind("裁定书", Family::Verdict, 91),
    kind("裁决书", Family::Verdict, 91),
    kind("调解书", Family::Verdict, 90),
    kind("决定书", Family::Verdict, 91),
    kind("结案报告", Family::Verdict, 88),
    kind("处理结论", Family::Verdict, 90),
    kind("审查结论", Family::Verdict, 90),
    kind("调查结论", Family::Verdict, 90),
    kind("结论", Family::Verdict, 88),
    kind("实施办法", Family::Rule, 86),
    kind("实施细则", Family::Rule, 84),
    kind("条例", Family::Rule, 95),
    kind("规定", Family::Rule, 88),
    kind("办法", Family::Rule, 86),
    kind("细则", Family::Rule, 84),
    kind("章程", Family::Rule, 86),
    kind("制度", Family::Rule, 80),
    kind("规则", Family::Rule, 80),
    kind("规程", Family::Rule, 80),
    kind("准则", Family::Rule, 82),
    kind("守则", Family::Rule, 72),
    kind("决议", Family::Decision, 92),
    kind("决定", Family::Decision, 90),
    kind("命令", Family::Decision, 90),
    kind("令", Family::Decision, 90),
    kind("公报", Family::Decision, 85),
    kind("指示", Family::Decision, 85),
    kind("公告", Family::Decision, 80),
    kind("通告", Family::Decision, 78),
    kind("布告", Family::Decision, 78),
    kind("批复", Family::Reply, 82),
    kind("批示", Family::Reply, 78),
    kind("批准书", Family::Reply, 82),
    kind("复函", Family::LetterReply, 56),
    kind("回函", Family::LetterReply, 56),
    kind("复信", Family::LetterReply, 54),
    kind("复电", Family::LetterReply, 56),
    kind("答复意见", Family::Answer, 58),
    kind("答复函", Family::Answer, 58),
    kind("办理情况报告", Family::Answer, 57),
    kind("办理情况", Family::Answer, 57),
    kind("办理结果", Family::Answer, 57),
    kind("处理情况", Family::Answer, 57),
    kind("处理结果", Family::Answer, 57),
    kind("处理意见", Family::Answer, 58),
    kind("答复", Family::Answer, 58),
    kind("请示", Family::Request, 66),
    kind("申请书", Family::Request, 56),
    kind("申请", Family::Request, 56),
    kind("申请报告", Family::Request, 58),
    kind("公开信", Family::Decision, 60),
    kind("慰问信", Family::Letter, 40),
    kind("感谢信", Family::Letter, 36),
    kind("介绍信", Family::Letter, 30),
    kind("联名信", Family::Petition, 46),
    kind("检举信", Family::Petition, 46),
    kind("求助信", Family::Petition, 44),
    kind("信", Family::Letter, 36),
    kind("来信", Family::Petition, 44),
    kind("信访件", Family::Petition, 44),
    kind("举报信", Family::Petition, 46),
    kind("控告信", Family::Petition, 46),
    kind("申诉书", Family::Petition, 50),
    kind("上访材料", Family::Petition, 44),
    kind("信访材料", Family::Petition, 44),
    kind("提案", Family::Proposal, 54),
    kind("议案", Family::Proposal, 64),
    kind("建议", Family::Proposal, 52),
    kind("统计报告", Family::Statistic, 66),
    kind("统计年报", Family::Statistic, 68),
    kind("统计公报", Family::Statistic, 70),
    kind("统计报表", Family::Statistic, 66),
    kind("统计表", Family::Statistic, 62),
    kind("年报表", Family::Statistic, 66),
    kind("报表", Family::Statistic, 60),
    kind("年报", Family::Statistic, 66),
    kind("情况表", Family::Statistic, 58),
    kind("进度表", Family::Statistic, 56),
    kind("决算表", Family::Statistic, 70),
    kind("决算", Family::Statistic, 72),
    kind("预算表", Family::Budget, 66),
    kind("预算草案", Family::Budget, 68),
    kind("预算", Family::Budget, 70),
    kind("调查报告", Family::Report, 66),
    kind("工作总结", Family::Summary, 64),
    kind("总结报告", Family::Summary, 66),
    kind("总结", Family::Summary, 64),
    kind("小结", Family::Summary, 54),
    kind("述职报告", Family::Summary, 54),
    kind("工作报告", Family::Report, 68),
    kind("情况报告", Family::Report, 62),
    kind("报告书", Family::Report, 60),
    kind("报告", Family::Report, 62),
    kind("汇报材料", Family::Report, 56),
    kind("汇报提纲", Family::Report, 54),
    kind("情况汇报", Family::Report, 58),
    kind("汇报", Family::Report, 58),
    kind("规划纲要", Family::Plan, 84),
    kind("规划", Family::Plan, 82),
    kind("纲要", Family::Plan, 80),
    kind("计划", Family::Plan, 68),
    kind("工作要点", Family::Plan, 66),
    kind("要点", Family::Plan, 64),
    kind("应急预案", Family::Plan, 72),
    kind("预案", Family::Plan, 70),
    kind("实施方案", Family::Plan, 68),
    kind("工作方案", Family::Plan, 66),
    kind("方案", Family::Plan, 66),
    kind("工作思路", Family::Plan, 62),
    kind("工作安排", Family::Plan, 56),
    kind("安排意见", Family::Plan, 60),
    kind("安排", Family::Plan, 54),
    kind("会议纪要", Family::Minutes, 74),
    kind("纪要", Family::Minutes, 74),
    kind("会议记录", Family::Minutes, 64),
    kind("谈话笔录", Family::Evidence, 42),
    kind("询问笔录", Family::Evidence, 42),
    kind("调查笔录", Family::Evidence, 42),
    kind("笔录", Family::Evidence, 42),
    kind("电话记录", Family::Minutes, 46),
    kind("记录", Family::Minutes, 58),
    kind("大事记", Family::Minutes, 66),
    kind("指导意见", Family::Notice, 78),
    kind("实施意见", Family::Notice, 78),
    kind("意见", Family::Notice, 76),
    kind("通知书", Family::Notice, 50),
    kind("紧急通知", Family::Notice, 60),
    kind("通知", Family::Notice, 60),
    kind("通报", Family::Notice, 58),
    kind("函件", Family::Letter, 50),
    kind("公函", Family::Letter, 50),
    kind("函", Family::Letter, 50),
    kind("开幕词", Family::Speech, 56),
    kind("闭幕词", Family::Speech, 56),
    kind("讲话提纲", Family::Speech, 50),
    kind("讲话稿", Family::Speech, 56),
    kind("讲话", Family::Speech, 58),
    kind("发言材料", Family::Speech, 42),
    kind("发言稿", Family::Speech, 42),
    kind("发言", Family::Speech, 42),
    kind("致辞", Family::Speech, 44),
    kind("简报", Family::Bulletin, 30),
    kind("快报", Family::Bulletin, 30),
    kind("动态", Family::Bulletin, 26),
    kind("信息", Family::Bulletin, 26),
    kind("情况反映", Family::Bulletin, 32),
    kind("通讯", Family::Bulletin, 26),
    kind("专报", Family::Bulletin, 32),
    kind("合同书", Family::Contract, 70),
    kind("合同", Family::Contract, 70),
    kind("协议书", Family::Contract, 70),
    kind("协议", Family::Contract, 70),
    kind("责任状", Family::Contract, 56),
    kind("责任书", Family::Contract, 56),
    kind("意向书", Family::Contract, 50),
    kind("告知书", Family::Evidence, 46),
    kind("鉴定书", Family::Evidence, 48),
    kind("鉴定意见", Family::Evidence, 48),
    kind("鉴定报告", Family::Evidence, 48),
    kind("勘验图", Family::Evidence, 40),
    kind("勘查图", Family::Evidence, 40),
    kind("现场图", Family::Evidence, 40),
    kind("证明材料", Family::Evidence, 40),
    kind("旁证材料", Family::Evidence, 40),
    kind("证言", Family::Evidence, 40),
    kind("证词", Family::Evidence, 40),
    kind("证据", Family::Evidence, 40),
    kind("证明", Family::Evidence, 40),
    kind("证明书", Family::Evidence, 40),
    kind("陈述", Family::Evidence, 40),
    kind("照片", Family::Evidence, 34),
    kind("名单", Family::List, 40),
    kind("名册", Family::List, 42),
    kind("花名册", Family::List, 42),
    kind("议程", Family::List, 42),
    kind("日程", Family::List, 36),
    kind("日程表", Family::List, 36),
    kind("一览表", Family::List, 38),
    kind("登记表", Family::List, 38),
    kind("明细表", Family::List, 38),
    kind("汇总表", Family::List, 40),
    kind("分配表", Family::List, 38),
    kind("清单", Family::List, 36),
    kind("目录", Family::List, 36),
    kind("表", Family::List, 34),
    kind("图", Family::List, 34),
    kind("典型材料", Family::Speech, 42),
    kind("交流材料", Family::Speech, 42),
    kind("经验材料", Family::Speech, 42),
    kind("汇编", Family::Other, 40),
    kind("材料", Family::Other, 34),
];

/// The types by the last character of their word, the longer words first.
static BY_LAST: LazyLock<Vec<(char, u8)>> = LazyLock::new(|| {
    let mut by_last: Vec<(char, u8)> = KINDS
        .iter()
        .enumerate()
        .filter_map(|(at, kind)| Some((kind.word.chars().next_back()?, u8::try_from(at).ok()?)))
        .collect();
    by_last.sort_by_key(|(last, at)| (*last, std::cmp::Reverse(KINDS[usize::from(*at)].word.len()), *at));
    by_last
});

/// The place in [`KINDS`] of the type whose word ends `text`, the longest such word; 0 if none does.
pub(crate) fn kind_at_end(text: &str) -> u8 {
    let Some(last) = text.chars().next_back() else { return 0 };
    let from = BY_LAST.partition_point(|(c, _)| *c < last);
    BY_LAST[from..]
        .iter()
        .take_while(|(c, _)| *c == last)
        .find(|(_, at)| text.ends_with(KINDS[usize::from(*at)].word))
        .map_or(0, |(_, at)| *at)
}

/// What the title does to another document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// 转发, 批转.
    Forwards,
    /// 印发, 发布, 公布, 下达.
    Issues,
    /// 报批《…》, 上报《…》: what it submits goes with it.
    Submits,
}

const ACTS: [(&str, Act); 19] = [
    ("批转", Act::Forwards),
    ("转发", Act::Forwards),
    ("转报", Act::Forwards),
    ("转批", Act::Forwards),
    ("转办", Act::Forwards),
    ("转送", Act::Forwards),
    ("报批", Act::Submits),
    ("报请审批", Act::Submits),
    ("上报", Act::Submits),
    ("报送", Act::Submits),
    ("呈报", Act::Submits),
    ("提请审议", Act::Submits),
    ("下达", Act::Issues),
    ("下发", Act::Issues),
    ("印发", Act::Issues),
    ("颁发", Act::Issues),
    ("发布", Act::Issues),
    ("公布", Act::Issues),
    ("颁布", Act::Issues),
];

/// The parts of a title, as ranges of the tidied title.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wording {
    /// Who writes, if the title says so.
    pub(crate) author: Range<u32>,
    /// The question it is about.
    pub(crate) subject: Range<u32>,
    /// What it forwards or issues.
    pub(crate) inner: Option<Range<u32>>,
    /// Whether it forwards or issues something.
    pub(crate) act: Option<Act>,
    /// Where its type stands in [`KINDS`].
    pub(crate) kind: u8,
    /// Where the title ends when marks of its state (草稿), issue or edition are left off.
    pub(crate) bare: Range<u32>,
    /// The number of the attachment: 附件2; 0 for one without a number.
    pub(crate) attachment: Option<u16>,
    /// The number of the issue: 第3期.
    pub(crate) issue: Option<u32>,
    /// A state the title names (定稿, 草稿, 修改稿), as a word.
    pub(crate) state: Option<Range<u32>>,
}

#[allow(clippy::cast_possible_truncation)] // titles are cut far below 4 GiB by `tidy`
const fn range(from: usize, to: usize) -> Range<u32> {
    from as u32..to as u32
}

/// The part of `text` that `range` speaks of; nothing if it doesn't fit.
pub(crate) fn part<'t>(text: &'t str, range: &Range<u32>) -> &'t str {
    text.get(range.start as usize..range.end as usize).unwrap_or_default()
}

/// The most bytes of a title that are read; what is longer is no title and is compared by its head.
const MOST_BYTES: usize = 4096;

/// A title without blanks, quotation marks and the differences between full and half width.
pub(crate) fn tidy(title: &str) -> String {
    let mut tidied = String::with_capacity(title.len().min(MOST_BYTES));
    for c in title.chars() {
        if tidied.len() >= MOST_BYTES {
            break;
        }
        match c {
            c if c.is_whitespace() || c.is_control() => {}
            '\u{feff}' | '\u{200b}' | '“' | '”' | '"' | '‘' | '’' | '\'' => {}
            '（' | '﹙' => tidied.push('('),
            '）' | '﹚' => tidied.push(')'),
            '〈' | '<' | '＜' => tidied.push('《'),
            '〉' | '>' | '＞' => tidied.push('》'),
            '：' => tidied.push(':'),
            '，' => tidied.push(','),
            '－' | '—' | '–' | '―' | '─' | '~' | '～' | '-' => tidied.push('-'),
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
                tidied.push(char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c));
            }
            c => tidied.push(c),
        }
    }
    tidied
}

const STATE_WORDS: [&str; 29] = [
    "征求意见稿",
    "签发稿",
    "送审稿",
    "修改稿",
    "修订稿",
    "讨论稿",
    "审议稿",
    "报批稿",
    "代拟稿",
    "会签稿",
    "审定稿",
    "送签稿",
    "呈批稿",
    "清样",
    "校样",
    "大样",
    "初稿",
    "草稿",
    "定稿",
    "底稿",
    "原稿",
    "印本",
    "正本",
    "副本",
    "复印件",
    "复制件",
    "译本",
    "译文",
    "稿",
];

/// Reads a tidied title.
pub(crate) fn read(title: &str) -> Wording {
    let mut wording = Wording::default();
    let mut from = 0;
    let mut to = title.len();

    // 附件2：…
    for mark in ["附件", "附表", "附图", "附"] {
        if let Some(rest) = title.strip_prefix(mark) {
            let numbered = leading_number(rest);
            let (number, used) = numbered.unwrap_or((0, 0));
            let after = &rest[used..];
            let separated = after.starts_with([':', '.', '、', '-', '《', ')']) || after.is_empty();
            if separated || numbered.is_some() || mark.len() > 3 {
                wording.attachment = Some(u16::try_from(number).unwrap_or(u16::MAX));
                from = title.len() - after.trim_start_matches([':', '.', '、', '-', ')']).len();
                break;
            }
        }
    }

    // Marks at the end: (草稿), (试行), (第二稿), (附件), (第3期)
    while let Some(open) = title[from..to].strip_suffix(')').and_then(|head| head.rfind('(')) {
        let open = from + open;
        let inside = &title[open + 1..to - 1];
        if let Some(word) = STATE_WORDS.iter().find(|word| inside.ends_with(**word)) {
            if inside.chars().count() <= word.chars().count() + 5 {
                wording.state = Some(range(open + 1, to - 1));
            }
        } else if inside.starts_with("附件") || inside.starts_with("附表") {
            let (number, _) = leading_number(&inside["附件".len()..]).unwrap_or((0, 0));
            wording.attachment = Some(u16::try_from(number).unwrap_or(u16::MAX));
        } else if let Some((number, _)) = issue_number(inside) {
            wording.issue = Some(number);
        } else if inside.chars().count() > 12 {
            break;
        }
        if open <= from {
            break;
        }
        to = open;
    }
    // …第3期 / 第3期…
    if wording.issue.is_none()
        && let Some((number, at)) = issue_number(&title[from..to])
    {
        wording.issue = Some(number);
        if at > 0 && title[from..to].ends_with(['期', '号']) {
            to = from + at;
        }
    }
    // …定稿 without brackets
    if wording.state.is_none() {
        for word in STATE_WORDS.iter().filter(|word| word.chars().count() > 1) {
            if title[from..to].ends_with(word) && to - from > word.len() + 6 {
                wording.state = Some(range(to - word.len(), to));
                to -= word.len();
                to = from + title[from..to].trim_end_matches(['-', '(', ':', '的']).len();
                break;
            }
        }
    }
    wording.bare = range(from, to);
    let text = &title[from..to];
    wording.kind = kind_at_end(text.trim_end_matches('》'));
    let end = text.len() - KINDS[usize::from(wording.kind)].word.len();
    let mut head = text[..text[..end.min(text.len())].len()].trim_end_matches('的').len();
    if text.ends_with('》') {
        head = text.len();
    }

    let about = text[..head].find("关于").filter(|at| !text[..*at].contains('《'));
    let author_end = about.unwrap_or(0);
    let mut subject_from = about.map_or(0, |at| at + "关于".len());

    // What is passed on: before 关于 (县政府转发省政府关于…的通知) or behind it (关于印发《…》的通知).
    let acting = acts_in(&text[..head])
        .find(|(at, length, act)| {
            let rest = &text[at + length..head];
            !text[..*at].contains('《')
                && (*act != Act::Submits || text[at + length..].starts_with('《') || names_a_paper(rest))
        })
        .filter(|(at, ..)| {
            about.is_none_or(|about| *at < about || text[about + "关于".len()..*at].chars().count() <= 2)
        });
    let mut author = 0..author_end;
    if let Some((at, length, act)) = acting {
        let inner_from = at + length;
        let inner = trim_inner(&text[inner_from..head]);
        if inner.1 > inner.0 {
            wording.act = Some(act);
            wording.inner = Some(range(from + inner_from + inner.0, from + inner_from + inner.1));
        }
        if about.is_none_or(|about| at < about) {
            author = 0..at;
            // The question is the inner document's.
            let inner_text = &text[inner_from + inner.0..inner_from + inner.1];
            let inner_about = inner_text.find("关于").map_or(0, |at| at + "关于".len());
            subject_from = inner_from + inner.0 + inner_about;
        }
    }
    wording.author = range(from + author.start, from + author.end);
    wording.subject =
        if head >= subject_from { range(from + subject_from, from + head) } else { range(from, from) };
    wording
}

/// The words in a text that pass something on, in their order: where each begins, its length, what it does.
fn acts_in(text: &str) -> impl Iterator<Item = (usize, usize, Act)> + '_ {
    static FINDER: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| AhoCorasick::new(ACTS.iter().map(|(word, _)| word)).ok());
    FINDER.as_ref().into_iter().flat_map(move |finder| finder.find_overlapping_iter(text)).map(|found| {
        let (word, act) = ACTS[found.pattern().as_usize()];
        (found.start(), word.len(), act)
    })
}

/// Whether what is submitted without 《》 is a paper by its own name: 报批某工程初步设计报告的请示.
fn names_a_paper(rest: &str) -> bool {
    let kind = &KINDS[usize::from(kind_at_end(rest))];
    rest.chars().count() >= kind.word.chars().count() + 4
        && matches!(
            kind.family,
            Family::Plan | Family::Rule | Family::Report | Family::Statistic | Family::Budget
        )
}

/// The inner title in what follows 转发 or 印发: what stands in 《》, or all of it.
fn trim_inner(text: &str) -> (usize, usize) {
    if let (Some(open), Some(close)) = (text.find('《'), text.rfind('》'))
        && open < close
    {
        return (open + '《'.len_utf8(), close);
    }
    let end = text.trim_end_matches('的').len();
    (0, end)
}

/// A number at the head of `text`, in digits or Chinese, and the bytes it takes.
pub(crate) fn leading_number(text: &str) -> Option<(u32, usize)> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 {
        return text[..digits].parse().ok().map(|number| (number, digits));
    }
    let mut value = 0u32;
    let mut unit = None;
    let mut used = 0;
    for c in text.chars() {
        let digit = match c {
            '一' => 1,
            '二' => 2,
            '三' => 3,
            '四' => 4,
            '五' => 5,
            '六' => 6,
            '七' => 7,
            '八' => 8,
            '九' => 9,
            '〇' | '零' => 0,
            '十' => {
                value = value.saturating_add(unit.take().unwrap_or(1) * 10);
                used += c.len_utf8();
                continue;
            }
            '百' => {
                value = value.saturating_add(unit.take().unwrap_or(1) * 100);
                used += c.len_utf8();
                continue;
            }
            _ => break,
        };
        unit = Some(digit);
        used += c.len_utf8();
    }
    (used > 0).then(|| (value.saturating_add(unit.unwrap_or(0)), used))
}

/// The number in 第3期, 总第12期, [3]期, and where it begins.
fn issue_number(text: &str) -> Option<(u32, usize)> {
    let mut from = 0;
    while let Some(at) = text[from..].find('第') {
        let at = from + at;
        let rest = &text[at + '第'.len_utf8()..];
        if let Some((number, used)) = leading_number(rest)
            && (rest[used..].starts_with('期') || rest[used..].starts_with('辑'))
        {
            return Some((number, at));
        }
        from = at + '第'.len_utf8();
    }
    None
}

impl Wording {
    /// Takes one of `names` for the author, where the title begins with it and has no other: the question
    /// begins behind it.
    pub(crate) fn set_author<'n>(&mut self, title: &str, names: impl Iterator<Item = &'n str>) {
        if !self.author.is_empty() || self.act.is_some() || self.subject.start != self.bare.start {
            return;
        }
        let text = part(title, &self.bare);
        let length = names
            .map(str::trim)
            .filter(|name| name.chars().count() >= 3 && name.len() < text.len() && text.starts_with(name))
            .map(str::len)
            .max();
        if let Some(length) = length {
            let from = self.bare.start as usize;
            self.author = range(from, from + length);
            let end = self.subject.end.max(self.author.end);
            self.subject = self.author.end..end;
        }
    }

    /// The type of document.
    pub(crate) fn kind(&self) -> &'static Kind {
        &KINDS[usize::from(self.kind)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(title: &str) -> String {
        let tidied = tidy(title);
        let wording = read(&tidied);
        let inner = wording.inner.as_ref().map_or("-", |inner| part(&tidied, inner));
        format!(
            "{}|{}|{}|{}",
            part(&tidied, &wording.author),
            part(&tidied, &wording.subject),
            wording.kind().word,
            inner
        )
    }

    #[test]
    fn a_title_is_read_into_author_question_and_type() {
        assert_eq!(parts("县水利局关于解决防汛抢险经费的请示"), "县水利局|解决防汛抢险经费|请示|-");
        assert_eq!(parts("关于同意建设城东水库的批复（草稿）"), "|同意建设城东水库|批复|-");
        assert_eq!(parts("防汛简报第3期"), "|防汛|简报|-");
        assert_eq!(parts("2004年工作总结"), "|2004年|工作总结|-");
    }

    #[test]
    fn what_is_passed_on_is_found_before_and_behind_the_question() {
        assert_eq!(
            parts("县政府办公室转发省政府办公厅关于加强安全生产工作的通知的通知"),
            "县政府办公室|加强安全生产工作的通知|通知|省政府办公厅关于加强安全生产工作的通知"
        );
        assert_eq!(
            parts("县政府关于印发《建宁县防汛预案》的通知"),
            "县政府|印发《建宁县防汛预案》|通知|建宁县防汛预案"
        );
        assert_eq!(
            parts("建宁县人民政府批转县财政局《关于2004年财政预算的报告》的通知"),
            "建宁县人民政府|2004年财政预算的报告》|通知|关于2004年财政预算的报告"
        );
    }

    #[test]
    fn marks_of_attachment_state_and_issue_are_seen() {
        let wording = read("附件2:先进单位名单");
        assert_eq!(wording.attachment, Some(2));
        let tidied = tidy("关于防汛工作的意见（第二次修改稿）");
        let wording = read(&tidied);
        assert_eq!(wording.state.as_ref().map(|state| part(&tidied, state)), Some("第二次修改稿"));
        assert_eq!(part(&tidied, &wording.bare), "关于防汛工作的意见");
        assert_eq!(read("政务信息第十二期").issue, Some(12));
    }

    #[test]
    fn no_title_is_too_odd() {
        for title in [
            "",
            "附",
            "附件",
            ")",
            "()",
            "(草稿)",
            "关于",
            "的",
            "《",
            "转发",
            "关于印发的通知",
            "第期",
            "ལྷ་ས།",
            "𠮷𠮷",
            "Notice",
        ] {
            let _ = read(&tidy(title));
        }
    }
}
