//! How alike two questions are: by the pairs of characters they share, what every title says left out.

use std::sync::LazyLock;

/// What titles say whatever they are about.
const EMPTY_WORDS: [&str; 59] = [
    "提请审议",
    "报请审批",
    "报请批准",
    "要求审批",
    "请求审批",
    "要求解决",
    "请求解决",
    "恳请解决",
    "申请解决",
    "要求给予",
    "请求给予",
    "有关问题",
    "有关事项",
    "有关情况",
    "若干问题",
    "的请示",
    "的报告",
    "的批复",
    "的函",
    "的来信",
    "的建议",
    "的提案",
    "联名信",
    "来信",
    "群众",
    "反映",
    "要求",
    "请求",
    "恳请",
    "申请",
    "申报",
    "报送",
    "上报",
    "呈报",
    "商请",
    "协商",
    "同意",
    "批准",
    "准予",
    "不予",
    "不同意",
    "解决",
    "给予",
    "予以",
    "关于",
    "有关",
    "问题",
    "事宜",
    "事项",
    "情况",
    "办理",
    "答复",
    "处理",
    "请示",
    "批复",
    "复函",
    "转办",
    "审批",
    "追加",
];

/// What titles say of any work, beside the empty words: it tells no question either, and its neighbours make
/// no pair across it.
const GENERAL_WORDS: [&str; 53] = [
    "进一步",
    "切实",
    "认真",
    "继续",
    "大力",
    "深入",
    "全面",
    "加快",
    "加强",
    "加大",
    "做好",
    "抓好",
    "搞好",
    "开展",
    "推进",
    "推动",
    "促进",
    "实施",
    "贯彻",
    "落实",
    "执行",
    "印发",
    "转发",
    "下达",
    "调整",
    "召开",
    "举办",
    "成立",
    "规范",
    "完善",
    "提高",
    "强化",
    "工作",
    "活动",
    "全县",
    "全市",
    "全省",
    "全区",
    "全镇",
    "全乡",
    "我县",
    "我市",
    "若干",
    "紧急",
    "我镇",
    "同志",
    "社会",
    "经济",
    "发展",
    "建设",
    "管理",
    "农村",
    "服务",
];

/// A list of words by their first character.
struct Words {
    by_first: Vec<(char, &'static str)>,
    /// Which characters of the basic plane begin a word, a bit each: most begin none.
    begins: Box<[u64; 1024]>,
}

impl Words {
    fn of(words: &'static [&'static str]) -> Self {
        let mut by_first: Vec<(char, &str)> =
            words.iter().filter_map(|word| Some((word.chars().next()?, *word))).collect();
        // The longer first, so that 要求解决 is met before 要求.
        by_first.sort_by_key(|(first, word)| (*first, std::cmp::Reverse(word.len()), *word));
        let mut begins = Box::new([0_u64; 1024]);
        for (first, _) in &by_first {
            let code = u32::from(*first) as usize;
            if let Some(bits) = begins.get_mut(code / 64) {
                *bits |= 1 << (code % 64);
            }
        }
        Self { by_first, begins }
    }

    /// The length of the word at the head of `text`, if there is one.
    fn at_head(&self, first: char, text: &str) -> Option<usize> {
        let code = u32::from(first) as usize;
        if self.begins.get(code / 64).is_some_and(|bits| bits & (1 << (code % 64)) == 0) {
            return None;
        }
        let from = self.by_first.partition_point(|(c, _)| *c < first);
        self.by_first[from..]
            .iter()
            .take_while(|(c, _)| *c == first)
            .find(|(_, word)| text.starts_with(word))
            .map(|(_, word)| word.len())
    }
}

static EMPTY: LazyLock<Words> = LazyLock::new(|| Words::of(&EMPTY_WORDS));
static GENERAL: LazyLock<Words> = LazyLock::new(|| Words::of(&GENERAL_WORDS));

/// Whether a character is a letter or digit; Han characters, which most are, are told at once.
pub(crate) fn is_letter(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}') || c.is_alphanumeric()
}

/// The pairs of neighbouring characters of a text without empty words and signs, sorted, each once.
pub(crate) fn pairs(text: &str) -> Vec<u64> {
    collect(text, None)
}

/// The pairs that say what a title is about: without general words, digits, what every year has, and `common`
/// names, which most papers of an office bear.
pub(crate) fn telling(text: &str, common: &[&str]) -> Vec<u64> {
    collect(text, Some(common))
}

/// The bytes of the general word or common name at the head of `text`.
fn general_at_head(c: char, text: &str, common: &[&str]) -> Option<usize> {
    let named =
        || common.iter().find(|name| !name.is_empty() && text.starts_with(**name)).map(|name| name.len());
    GENERAL.at_head(c, text).or_else(named)
}

fn collect(text: &str, common: Option<&[&str]>) -> Vec<u64> {
    let telling = common.is_some();
    let mut rest = text;
    let mut before: Option<char> = None;
    let mut count = 0;
    let mut pairs: Vec<u64> = Vec::with_capacity(text.len() / 3);
    while let Some(c) = rest.chars().next() {
        if let Some(length) = EMPTY.at_head(c, rest) {
            rest = &rest[length..];
            continue;
        }
        if let Some(length) = common.and_then(|common| general_at_head(c, rest, common)) {
            rest = &rest[length..];
            before = None;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        let counts = is_letter(c) && !matches!(c, '的' | '对' | '将');
        if telling && (c.is_ascii_digit() || matches!(c, '年' | '度')) {
            before = None;
        } else if counts {
            if let Some(before) = before {
                pairs.push((u64::from(u32::from(before)) << 32) | u64::from(u32::from(c)));
            }
            before = Some(c);
            count += 1;
        }
    }
    if !telling && count == 1 {
        pairs.extend(before.map(|one| u64::from(u32::from(one))));
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The runs of four characters that may name a thing: without empty and general words, digits, and `common` names,
/// each of which ends a run. Sorted, each once.
pub(crate) fn runs(text: &str, common: &[&str]) -> Vec<u64> {
    let mut rest = text;
    let mut last = [0_u16; 4];
    let mut length = 0_usize;
    let mut runs: Vec<u64> = Vec::with_capacity(text.len() / 3);
    while let Some(c) = rest.chars().next() {
        let skipped = EMPTY.at_head(c, rest).or_else(|| general_at_head(c, rest, common));
        if let Some(bytes) = skipped {
            rest = &rest[bytes..];
            length = 0;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if !is_letter(c) || c.is_ascii_digit() || matches!(c, '的' | '年' | '度') {
            length = 0;
            continue;
        }
        // Rare characters beyond the basic plane fold onto others: a run is a hint, not a proof.
        last = [last[1], last[2], last[3], (u32::from(c) & 0xffff) as u16];
        length += 1;
        if length >= 4 {
            runs.push(last.iter().fold(0, |key, c| key << 16 | u64::from(*c)));
        }
    }
    runs.sort_unstable();
    runs.dedup();
    runs
}

/// How many of two sorted lists are in both.
pub(crate) fn shared(a: &[u64], b: &[u64]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                count += 1;
                i += 1;
                j += 1;
            }
        }
    }
    count
}

/// From 0 (nothing shared) to 1 (the same): half how much of the shorter the longer holds, half how much of
/// both is shared.
#[allow(clippy::cast_precision_loss)] // titles are short
pub(crate) fn likeness(a: &[u64], b: &[u64]) -> f32 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let shared = shared(a, b) as f32;
    let held = shared / a.len().min(b.len()) as f32;
    let both = 2.0 * shared / (a.len() + b.len()) as f32;
    f32::midpoint(held, both)
}

/// How much of `part` stands in `whole`.
#[allow(clippy::cast_precision_loss)] // titles are short
pub(crate) fn held_by(part: &[u64], whole: &[u64]) -> f32 {
    if part.is_empty() { 0.0 } else { shared(part, whole) as f32 / part.len() as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(a: &str, b: &str) -> f32 {
        likeness(&pairs(a), &pairs(b))
    }

    #[test]
    fn the_same_question_is_alike_whatever_the_verbs_around_it() {
        assert!(alike("要求解决桥头防洪堤水毁修复资金", "桥头镇防洪堤水毁修复资金") > 0.8);
        assert!(alike("更新公务用车", "同意县政府办公室更新公务用车") > 0.7);
    }

    #[test]
    fn another_question_is_not() {
        assert!(alike("要求解决防洪堤修复资金", "同意设立特殊教育学校") < 0.1);
        assert!(alike("", "同意设立特殊教育学校") < f32::EPSILON);
    }
}
