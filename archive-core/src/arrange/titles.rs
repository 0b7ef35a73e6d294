//! Titles: of volumes (案卷题名, T1), and of items that have none (L1).
//!
//! A volume's title says who, what question and which types of document, from what stands in it, and no
//! more than the profile's characters. A drafted title of an item stands in [ ].

use super::facts::Desk;
use super::groups::{Bond, common_words, series_stem};
use super::volumes::{Class, Draft, Join};
use super::wording::{self, Family};
use crate::model::{DraftState, TieKind, Volume, Why};

/// 1 as 一, 12 as 十二, 120 as 一百二十.
pub(crate) fn chinese(number: u32) -> String {
    const DIGITS: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |n: u32| DIGITS[(n % 10) as usize];
    match number {
        0..=9 => digit(number).to_owned(),
        10..=99 => {
            let tens = if number < 20 { String::new() } else { digit(number / 10).to_owned() };
            let ones = if number.is_multiple_of(10) { "" } else { digit(number) };
            format!("{tens}十{ones}")
        }
        100..=999 => {
            let rest = number % 100;
            let tail = match rest {
                0 => String::new(),
                1..=9 => format!("〇{}", digit(rest)),
                10..=19 => format!("一{}", chinese(rest)),
                _ => chinese(rest),
            };
            format!("{}百{tail}", digit(number / 100))
        }
        _ => number.to_string(),
    }
}

/// The distinct values, the more frequent first, of equals the first met.
fn frequent<'t>(values: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let mut counted: Vec<(&str, usize, usize)> = Vec::new();
    for (at, value) in values.filter(|value| !value.is_empty()).take(400).enumerate() {
        match counted.iter_mut().find(|(known, ..)| *known == value) {
            Some((_, count, _)) => *count += 1,
            None => counted.push((value, 1, at)),
        }
    }
    counted.sort_by_key(|(_, count, at)| (std::cmp::Reverse(*count), *at));
    counted.into_iter().map(|(value, ..)| value).collect()
}

fn cut_to(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most).collect() }
}

/// A few of many, 等 for the rest.
fn some_of(values: &[&str], most: usize) -> String {
    let shown = values.iter().take(most).copied().collect::<Vec<_>>().join("、");
    if values.len() > most { format!("{shown}等") } else { shown }
}

/// The title of a volume that holds `items`, in order.
pub(crate) fn of_volume(desk: &Desk<'_>, join: Join, part: (u32, u32), items: &[u32]) -> String {
    let most = desk.profile.titles.max_chars.max(12);
    let suffix = if part.1 > 1 { format!("之{}", chinese(part.0)) } else { String::new() };
    let room = most.saturating_sub(suffix.chars().count());
    let main: Vec<u32> = items
        .iter()
        .copied()
        .filter(|place| {
            let facts = desk.at(*place);
            facts.state == DraftState::Print && facts.wording.attachment.is_none()
        })
        .collect();
    let main = if main.is_empty() { items.to_vec() } else { main };
    let authors =
        frequent(main.iter().filter_map(|place| desk.item(*place).bodies.first()).map(String::as_str));
    let mut kinds = frequent(main.iter().map(|place| type_word(desk, *place)));
    kinds.sort_by_key(|word| {
        std::cmp::Reverse(wording::KINDS[usize::from(wording::kind_at_end(word))].weight)
    });
    if kinds.is_empty() {
        kinds.push("文件");
    }
    if let Some(title) = series_title(desk, join, &authors, items, room) {
        return title + &suffix;
    }
    let question = question_of(desk, join, &main);
    for (author_count, kind_count) in [(2, 4), (2, 2), (1, 2), (1, 1)] {
        let title = compose(&some_of(&authors, author_count), &question, &some_of(&kinds, kind_count));
        if title.chars().count() <= room {
            return title + &suffix;
        }
    }
    // The question gives way, and the type never does (T1).
    let (author, kind) = (some_of(&authors, 1), some_of(&kinds, 1));
    let around = compose(&author, "", &kind).chars().count() + "关于的".chars().count();
    let left = room.saturating_sub(around);
    let title = if left >= LEAST_QUESTION {
        compose(&author, &shorten(&question, left), &kind)
    } else {
        // An author's name as long as the title may be: the question counts more.
        let left = room.saturating_sub(kind.chars().count() + "关于的".chars().count());
        compose("", &shorten(&question, left), &kind)
    };
    cut_to(&title, room) + &suffix
}

/// A question of fewer characters tells nothing.
const LEAST_QUESTION: usize = 6;

/// A question in at most `most` characters: cut where its words part, outside 《》, “” and （）, with 等问题 for the
/// rest; where it has no such place, anywhere outside them, and inside a 《》 only if it is all there is, which is
/// then closed.
fn shorten(question: &str, most: usize) -> String {
    const REST: &str = "等问题";
    if question.chars().count() <= most {
        return question.to_owned();
    }
    let room = most.saturating_sub(REST.chars().count());
    let chars: Vec<char> = question.chars().collect();
    let (mut depth, mut parts, mut free) = (0_u32, 0, 0);
    for (at, c) in chars.iter().enumerate().take(room + 1) {
        if depth == 0 {
            free = at;
            if matches!(c, '、' | '，' | ',' | '；' | '和' | '与' | '及' | '暨' | '的' | '（' | '(' | ' ')
            {
                parts = at;
            }
        }
        match c {
            '《' | '“' | '（' | '(' | '〔' => depth += 1,
            '》' | '”' | '）' | ')' | '〕' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    let head = |end: usize| chars[..end].iter().collect::<String>() + REST;
    if parts >= LEAST_QUESTION {
        head(parts)
    } else if free >= LEAST_QUESTION {
        head(free)
    } else if most > 2 && chars[..room].contains(&'《') {
        chars[..most - 2].iter().collect::<String>() + "…》"
    } else {
        cut_to(question, most)
    }
}

/// The title of a box (盒) of the item method: its class, and which box of it, from 1.
pub(crate) fn of_box(volume: &Volume, number: u32) -> String {
    let (year, period, number) = (volume.year, volume.period, chinese(number));
    let section = volume.section.as_deref().unwrap_or_default();
    format!("{year}年{section}{period}归档文件第{number}盒")
}

fn compose(author: &str, question: &str, kind: &str) -> String {
    let question = question.trim_end_matches('的');
    // 临溪县人民政府2004年工作总结: a year alone is no question to write about.
    if is_bare_year(question) {
        return format!("{author}{question}{kind}");
    }
    format!("{author}关于{question}的{kind}")
}

/// Whether a question says nothing but a year, or nothing at all.
fn is_bare_year(question: &str) -> bool {
    question.chars().all(|c| c.is_ascii_digit() || "年度一二三四五六七八九〇零-".contains(c))
}

/// The type of an item as its volume's title names it.
fn type_word<'d>(desk: &'d Desk<'_>, place: u32) -> &'d str {
    let word = desk.at(place).kind().word;
    if word.is_empty() { desk.item(place).doc_type.as_deref().unwrap_or_default() } else { word }
}

fn series_title(desk: &Desk<'_>, join: Join, authors: &[&str], items: &[u32], room: usize) -> Option<String> {
    let stem = series_stem(desk.at(*items.first()?))?;
    let same = items
        .iter()
        .take(200)
        .filter(|place| series_stem(desk.at(**place)).is_some_and(|s| s == stem))
        .count();
    if !matches!(join, Join::Bond(Bond::Series(_) | Bond::Question(_)))
        || same * 10 < items.len().min(200) * 9
    {
        return None;
    }
    let issues: Vec<u32> = items.iter().filter_map(|place| desk.at(*place).wording.issue).collect();
    let (first, last) = (issues.iter().min()?, issues.iter().max()?);
    let author = some_of(authors, 1);
    let span = if first == last { format!("第{first}期") } else { format!("第{first}—{last}期") };
    let title = format!("{author}《{stem}》（{span}）");
    (title.chars().count() <= room).then_some(title)
}

/// The question a volume is about.
fn question_of(desk: &Desk<'_>, join: Join, main: &[u32]) -> String {
    match join {
        Join::Bond(Bond::Matter(word) | Bond::Question(word)) => desk.words.get(word).to_owned(),
        Join::Bond(Bond::Topic(topic)) => super::topics::TOPICS[usize::from(topic)].name.to_owned(),
        Join::Bond(Bond::Near(_)) => {
            let subjects: Vec<&str> = main.iter().take(40).map(|place| subject_words(desk, *place)).collect();
            common_words(&subjects).or(subjects.first().copied()).unwrap_or_default().to_owned()
        }
        Join::TypeAuthor(Class::Appointments, _) | Join::Type(Class::Appointments) => "人事任免".to_owned(),
        _ => {
            let mut subjects = frequent(main.iter().map(|place| subject_words(desk, *place)));
            // The first to say more than a year; where none does, the year.
            if subjects.iter().any(|subject| !is_bare_year(subject)) {
                subjects.retain(|subject| !is_bare_year(subject));
            }
            match subjects.as_slice() {
                [] => String::new(),
                [one] => (*one).to_owned(),
                [one, two] => format!("{one}、{two}"),
                [one, two, ..] => format!("{one}、{two}等问题"),
            }
        }
    }
}

fn subject_words<'d>(desk: &'d Desk<'_>, place: u32) -> &'d str {
    let subject = desk.at(place).subject();
    let subject = ["同意", "要求", "请求", "申请", "对"]
        .iter()
        .fold(subject, |s, word| s.strip_prefix(word).unwrap_or(s));
    subject.trim_end_matches("的")
}

/// The title of an item as the list of contents prints it, with the reason where it was drafted.
/// `behind` is what it stands behind, with that one's title.
pub(crate) fn of_item(desk: &Desk<'_>, place: u32, behind: Option<(u32, TieKind)>) -> (String, Option<Why>) {
    let item = desk.item(place);
    if let Some(title) = desk.decisions.item_titles.get(&item.id) {
        return (title.clone(), None);
    }
    let given = item.title.trim();
    let facts = desk.at(place);
    if !given.is_empty() && tells_content(facts.bare()) {
        return (given.to_owned(), None);
    }
    let main = behind.map(|(main, kind)| {
        let title = desk.item(main).title.trim();
        (if title.is_empty() { desk.at(main).subject() } else { title }, kind)
    });
    let drafted = match main {
        Some((title, TieKind::Attachment)) if !title.is_empty() => {
            let number = facts.wording.attachment.filter(|number| *number > 0);
            let mark = number.map_or_else(|| "附件".to_owned(), |number| format!("附件{number}"));
            format!("{title}（{mark}）")
        }
        Some((title, TieKind::SignedDraft | TieKind::Revision | TieKind::Copy | TieKind::Translation))
            if !title.is_empty() =>
        {
            format!("{title}（{}）", facts.state.word())
        }
        _ => {
            let author = item.bodies.first().map_or("", String::as_str);
            let kind = match (facts.kind().word, item.doc_type.as_deref()) {
                ("", Some(word)) if !word.trim().is_empty() => word.trim(),
                ("", _) => "文件",
                (word, _) => word,
            };
            let about = [&item.question, &item.meeting_or_case]
                .into_iter()
                .flatten()
                .map(|words| words.trim())
                .find(|words| !words.is_empty())
                .or(match main {
                    Some((title, TieKind::Request | TieKind::Incoming)) => Some(title),
                    _ => None,
                })
                .unwrap_or_default();
            if about.is_empty() {
                format!("{author}{kind}")
            } else {
                format!("{author}关于{about}的{kind}")
            }
        }
    };
    (format!("[{drafted}]"), Some(Why::TitleDrafted))
}

/// Whether a title says more than its type: 通知, 附件1 and 报告 don't.
fn tells_content(bare: &str) -> bool {
    let letters = bare.chars().filter(|c| c.is_alphanumeric()).count();
    let kind = &wording::KINDS[usize::from(wording::kind_at_end(bare))];
    let only_type = !kind.word.is_empty() && bare.chars().count() <= kind.word.chars().count();
    letters > 1 && (!only_type || kind.family == Family::Evidence)
}

/// How a volume in the making is called, and its items.
pub(crate) fn of_draft(desk: &Desk<'_>, draft: &Draft, items: &[u32]) -> String {
    of_volume(desk, draft.join, draft.part, items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted_in_chinese() {
        let said: Vec<String> = [1, 10, 11, 20, 35, 100, 101, 110, 123].into_iter().map(chinese).collect();
        assert_eq!(
            said,
            ["一", "十", "十一", "二十", "三十五", "一百", "一百〇一", "一百一十", "一百二十三"]
        );
    }

    #[test]
    fn a_long_question_is_cut_between_its_words() {
        assert_eq!(shorten("水利", 6), "水利");
        assert_eq!(
            shorten("大岭渠道修复、城西水厂扩建和北山水库加固工程", 18),
            "大岭渠道修复、城西水厂扩建等问题"
        );
        assert_eq!(
            shorten("调整水利工程收费并印发《临溪县水利工程收费管理办法》", 20),
            "调整水利工程收费并印发等问题"
        );
        let only = shorten("印发《临溪县农村土地承包经营权流转管理暂行办法实施细则》", 16);
        assert_eq!(only, "印发《临溪县农村土地承包经营…》");
        for most in 4..30 {
            let cut = shorten("印发《甲乙丙丁戊己庚辛壬癸》和“子丑寅卯”（辰巳午未）办法", most);
            assert!(cut.chars().count() <= most, "{cut}");
        }
    }

    #[test]
    fn a_year_alone_is_no_question() {
        assert_eq!(compose("县水利局", "2004年", "工作总结"), "县水利局2004年工作总结");
        assert_eq!(compose("县水利局", "", "通知"), "县水利局通知");
        assert_eq!(compose("县水利局", "节水", "通知"), "县水利局关于节水的通知");
    }

    #[test]
    fn a_bare_type_tells_nothing() {
        assert!(!tells_content("通知"));
        assert!(!tells_content(""));
        assert!(tells_content("关于防汛的通知"));
    }
}
