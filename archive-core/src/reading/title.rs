//! The anatomy of a title (题名): who, about what, which type — and what it forwards.
//!
//! `临溪县人民政府 | 关于 | 调整水价 | 的 | 批复`. A forwarding title holds another title inside. Everything here borrows
//! from the title; nothing is rewritten.

use super::DocType;

/// The word by which one document passes on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ForwardVerb {
    /// 转发: a superior's, peer's or independent body's document.
    Forward,
    /// 批转: a subordinate's document, approved.
    ApproveAndForward,
    /// 印发, 颁发, 发布, 公布, 下发: the office's own document.
    Issue,
}

impl ForwardVerb {
    /// Verbs and whether they always announce a document, or only before 《》 or a type.
    const WORDS: [(&'static str, Self, bool); 9] = [
        ("转发", Self::Forward, true),
        ("批转", Self::ApproveAndForward, true),
        ("印发", Self::Issue, true),
        ("转印", Self::Forward, true),
        ("印送", Self::Issue, false),
        ("颁发", Self::Issue, false),
        ("发布", Self::Issue, false),
        ("公布", Self::Issue, false),
        ("下发", Self::Issue, false),
    ];
}

/// What a document passes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Forwarding<'a> {
    /// By which word.
    pub verb: ForwardVerb,
    /// The title of what is passed on, without 《》 if it stood in them. Several stay together.
    pub inner: &'a str,
}

/// The parts of a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TitleParts<'a> {
    /// The title without supplied brackets, attachment marks, and trailing marks.
    pub bare: &'a str,
    /// Who it says it is by: what stands before 关于, or before a forwarding verb.
    pub author: Option<&'a str>,
    /// What it is about: between 关于 and the type, without the 的.
    pub about: Option<&'a str>,
    /// The type it ends with.
    pub doc_type: Option<DocType>,
    /// The word in the title that shows the type.
    pub type_word: Option<&'a str>,
    /// What it passes on.
    pub forwards: Option<Forwarding<'a>>,
    /// Whether the archivist supplied it: it stands in [ ] (L1).
    pub supplied: bool,
    /// 附件, with its number; 0 where it has none.
    pub attachment: Option<u32>,
    /// Marks in brackets at the end, as written, from the last to the first: （试行）, （修订）, （送审稿，第二稿）.
    pub marks: [Option<&'a str>; 3],
}

impl<'a> TitleParts<'a> {
    /// Takes a title apart.
    pub fn of(title: &'a str) -> Self {
        let mut parts = Self::default();
        let mut rest = title.trim();
        if let Some(inner) = enclosed(rest) {
            parts.supplied = true;
            rest = inner.trim();
        }
        (parts.attachment, rest) = attachment_mark(rest);
        let mut count = 0;
        while let Some((before, mark)) = trailing_mark(rest) {
            if let Some(slot) = parts.marks.get_mut(count) {
                *slot = Some(mark);
            }
            count += 1;
            rest = before;
        }
        rest = rest.trim_end_matches(['。', '.', '；', ';', '，', ',']);
        if let Some(inner) = rest.strip_prefix('《').and_then(|rest| rest.strip_suffix('》'))
            && !inner.contains(['《', '》'])
        {
            rest = inner;
        }
        parts.bare = rest;
        if let Some((doc_type, word)) = DocType::at_end(rest) {
            parts.doc_type = Some(doc_type);
            parts.type_word = Some(word);
        }
        parts.find_forwarding();
        parts.find_about();
        parts
    }

    /// Whether it carries a mark of a stage before the final text: 草案, 送审稿, 征求意见稿 …
    pub fn is_draft(&self) -> bool {
        const DRAFTS: [&str; 10] = [
            "草案",
            "草稿",
            "初稿",
            "送审稿",
            "讨论稿",
            "征求意见稿",
            "修改稿",
            "审议稿",
            "报批稿",
            "代拟稿",
        ];
        self.marks.iter().flatten().any(|mark| DRAFTS.iter().any(|word| mark.contains(word)))
    }

    /// The titles in 《》 anywhere in it.
    pub fn quoted(&self) -> Vec<&'a str> {
        let mut found = Vec::new();
        let mut depth = 0_u32;
        let mut start = 0;
        for (at, c) in self.bare.char_indices() {
            match c {
                '《' => {
                    if depth == 0 {
                        start = at + c.len_utf8();
                    }
                    depth += 1;
                }
                '》' if depth > 0 => {
                    depth -= 1;
                    if depth == 0 {
                        found.push(&self.bare[start..at]);
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// The title without its type and the 的 before it.
    fn body(&self) -> &'a str {
        let cut = self.type_word.map_or(self.bare, |word| &self.bare[..self.bare.len() - word.len()]);
        cut.strip_suffix('的').unwrap_or(cut)
    }

    fn find_forwarding(&mut self) {
        let bare = self.bare;
        for (word, verb, always) in ForwardVerb::WORDS {
            let Some(at) = bare.find(word) else { continue };
            let before = &bare[..at];
            // The verb leads the sentence, after the author or 关于; 关于做好转发工作的通知 forwards nothing.
            let (author, led) = match before.strip_suffix("关于") {
                Some(author) => (author, true),
                None => (before, !before.contains("关于") && !before.contains('《')),
            };
            if !led || author.contains("关于") || author.chars().count() > 40 {
                continue;
            }
            let rest = &bare[at + word.len()..];
            let inner = inner_title(rest);
            let announced = rest.starts_with('《') || DocType::at_end(inner).is_some();
            if inner.is_empty() || !(always || announced) {
                continue;
            }
            self.forwards = Some(Forwarding { verb, inner });
            self.author = Some(author).filter(|author| !author.is_empty());
            return;
        }
    }

    fn find_about(&mut self) {
        let body = self.body();
        let Some(at) = body.find("关于") else { return };
        // A 关于 inside 《》 belongs to the title quoted there.
        if body[..at].contains('《')
            || (self.forwards.is_some()
                && self.author.is_some_and(|author| author.len() < at)
                && !body[self.author.map_or(0, str::len)..].starts_with("关于"))
        {
            return;
        }
        let (author, about) = (&body[..at], &body[at + "关于".len()..]);
        if self.forwards.is_none() {
            self.author = Some(author.trim()).filter(|author| !author.is_empty());
        }
        self.about = Some(about).filter(|about| !about.is_empty());
    }
}

/// What is passed on, out of what follows the verb: 《甲》的通知, 甲的通知, 甲的通知的通知.
fn inner_title(rest: &str) -> &str {
    if let Some(quoted) = rest.strip_prefix('《') {
        let mut depth = 1_u32;
        for (at, c) in quoted.char_indices() {
            match c {
                '《' => depth += 1,
                '》' => {
                    depth -= 1;
                    if depth == 0 {
                        return &quoted[..at];
                    }
                }
                _ => {}
            }
        }
    }
    let Some((_, word)) = DocType::at_end(rest) else { return rest };
    let before = &rest[..rest.len() - word.len()];
    let Some(shorter) = before.strip_suffix('的') else { return before };
    // 国务院关于甲的通知的通知: the second 通知 is the outer one. Where writers merged the two, it is the inner one's.
    let bare = strip_marks(shorter);
    if bare.ends_with('》') || DocType::at_end(bare).is_some() || !shorter.contains("关于") {
        shorter
    } else {
        rest
    }
}

fn strip_marks(mut text: &str) -> &str {
    while let Some((before, _)) = trailing_mark(text) {
        text = before;
    }
    text
}

/// A title wholly in one pair of square or shell brackets: supplied by the archivist.
fn enclosed(title: &str) -> Option<&str> {
    [('[', ']'), ('［', '］'), ('〔', '〕'), ('【', '】')].into_iter().find_map(|(open, close)| {
        let inner = title.strip_prefix(open)?.strip_suffix(close)?;
        (!inner.contains([open, close])).then_some(inner)
    })
}

/// 附件：, 附件2：, 附：, 附件一 at the start.
fn attachment_mark(title: &str) -> (Option<u32>, &str) {
    let Some(after) = ["附件", "附录", "附表", "附"].iter().find_map(|word| title.strip_prefix(word))
    else {
        return (None, title);
    };
    let after = after.trim_start_matches(['（', '(', ' ']);
    let count: String =
        after.chars().take_while(|c| super::characters::digit(*c).is_some() || *c == '十').collect();
    let rest = after[count.len()..].trim_start_matches(['）', ')', ' ']);
    let number = super::characters::number(&super::characters::folded_tight(&count)).unwrap_or(0);
    match rest.strip_prefix(['：', ':', '、', '．', '.', '-', '—', '　']) {
        Some(rest) => (Some(number), rest.trim_start()),
        // 附属医院 is no attachment; 附件2 alone is.
        None if !count.is_empty() || title.starts_with("附件") => (Some(number), rest),
        None => (None, title),
    }
}

/// A group in brackets at the end: what stands before it, and what is in it.
fn trailing_mark(title: &str) -> Option<(&str, &str)> {
    let title = title.trim_end();
    let inner = title.strip_suffix(['）', ')'])?;
    let at = inner.rfind(['（', '('])?;
    let mark_start = at + inner[at..].chars().next().map_or(1, char::len_utf8);
    let before = inner[..at].trim_end();
    (!before.is_empty()).then_some((before, &inner[mark_start..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_plain_title_has_author_matter_and_type() {
        let parts = TitleParts::of("临溪县人民政府关于县城自来水价格调整的批复");
        assert_eq!(parts.author, Some("临溪县人民政府"));
        assert_eq!(parts.about, Some("县城自来水价格调整"));
        assert_eq!(parts.doc_type, Some(DocType::Reply));
        assert!(!parts.supplied && parts.attachment.is_none() && parts.forwards.is_none());
    }

    #[test]
    fn types_are_read_off_the_end_of_titles() {
        for (title, doc_type) in [
            ("关于召开会议的通知", Some(DocType::Notice)),
            ("档案管理办法（试行）", Some(DocType::Measures)),
            ("档案管理办法（2004年修订）（试行）", Some(DocType::Measures)),
            ("关于转发《档案管理办法（试行）》的通知", Some(DocType::Notice)),
            ("临溪县人民政府2004年第6次常务会议纪要", Some(DocType::Minutes)),
            ("关于清水河上游采砂问题的复函", Some(DocType::ReplyLetter)),
            ("关于商请联合检查的函", Some(DocType::Letter)),
            ("中华人民共和国国务院令", Some(DocType::Order)),
            ("2004年工作要点", Some(DocType::Plan)),
            ("临溪县2004年国民经济和社会发展主要指标统计表", Some(DocType::Statistics)),
            ("省道315线改建工程可行性研究报告", Some(DocType::Survey)),
            ("关于清水河超警戒水位洪水的防御命令（电报）", Some(DocType::Order)),
            ("灾后恢复生产工作扎实推进", None),
            ("", None),
            ("Report on the county", None),
        ] {
            assert_eq!(DocType::of_title(title), doc_type, "{title}");
        }
    }

    #[test]
    fn forwarding_titles_hold_another_title() {
        for (title, author, verb, inner) in [
            (
                "临溪县人民政府办公室转发岭东省人民政府办公厅关于加强禽流感防治工作的紧急通知的通知",
                Some("临溪县人民政府办公室"),
                ForwardVerb::Forward,
                "岭东省人民政府办公厅关于加强禽流感防治工作的紧急通知",
            ),
            (
                "国务院办公厅转发民政部关于清理整顿社会团体意见的通知",
                Some("国务院办公厅"),
                ForwardVerb::Forward,
                "民政部关于清理整顿社会团体意见",
            ),
            (
                "临溪县人民政府批转县农业局、县财政局关于2004年农村税费改革工作意见的通知",
                Some("临溪县人民政府"),
                ForwardVerb::ApproveAndForward,
                "县农业局、县财政局关于2004年农村税费改革工作意见",
            ),
            (
                "中共临溪县委办公室转发县纪委《关于严肃换届纪律的若干规定》的通知",
                Some("中共临溪县委办公室"),
                ForwardVerb::Forward,
                "县纪委《关于严肃换届纪律的若干规定》",
            ),
            (
                "关于印发《临溪县安全生产责任制规定（试行）》的通知",
                None,
                ForwardVerb::Issue,
                "临溪县安全生产责任制规定（试行）",
            ),
            (
                "国务院关于印发个人所得税专项附加扣除暂行办法的通知",
                Some("国务院"),
                ForwardVerb::Issue,
                "个人所得税专项附加扣除暂行办法",
            ),
            ("转发国务院关于加强安全生产的通知", None, ForwardVerb::Forward, "国务院关于加强安全生产的通知"),
            (
                "临溪县人民政府办公室转发江政办〔2004〕61号文件的通知",
                Some("临溪县人民政府办公室"),
                ForwardVerb::Forward,
                "江政办〔2004〕61号文件",
            ),
            ("关于公布《政府定价目录》的公告", None, ForwardVerb::Issue, "政府定价目录"),
        ] {
            let parts = TitleParts::of(title);
            assert_eq!(parts.forwards, Some(Forwarding { verb, inner }), "{title}");
            assert_eq!(parts.author, author, "{title}");
        }
    }

    #[test]
    fn what_only_speaks_of_forwarding_forwards_nothing() {
        for title in [
            "关于做好文件转发工作的通知",
            "关于公布的通知",
            "县政府关于贯彻《关于转发甲的通知》的意见",
            "印发",
        ] {
            assert_eq!(TitleParts::of(title).forwards, None, "{title}");
        }
    }

    #[test]
    fn marks_and_brackets_are_taken_off_and_kept() {
        let parts = TitleParts::of("[关于防洪工作的报告]");
        assert!(parts.supplied);
        assert_eq!(parts.bare, "关于防洪工作的报告");
        let parts = TitleParts::of("附件2：2004年县重点建设项目责任分解表");
        assert_eq!((parts.attachment, parts.bare), (Some(2), "2004年县重点建设项目责任分解表"));
        assert_eq!(TitleParts::of("附属医院工作总结").attachment, None);
        assert_eq!(TitleParts::of("附件：名单").attachment, Some(0));
        let parts = TitleParts::of("临溪县安全生产责任制规定（送审稿，第二稿）");
        assert!(parts.is_draft());
        assert_eq!(parts.doc_type, Some(DocType::Provisions));
    }

    proptest! {
        #[test]
        fn a_title_made_of_parts_comes_apart_again(
            author in "[县市省府委局]{2,6}", about in "[水价土地防洪税收]{2,8}", kind in 0..DocType::ALL.len(),
        ) {
            let doc_type = DocType::ALL[kind];
            let title = format!("{author}关于{about}的{}", doc_type.word());
            let parts = TitleParts::of(&title);
            prop_assert_eq!(parts.author, Some(author.as_str()));
            prop_assert_eq!(parts.about, Some(about.as_str()));
            prop_assert_eq!(parts.doc_type, Some(doc_type));
        }

        #[test]
        fn no_string_makes_it_fall_over(title in "\\PC{0,60}") {
            let _ = TitleParts::of(&title).quoted();
        }

        #[test]
        fn nothing_title_like_makes_it_fall_over(title in "[关于转发印《》（）()的通知附件1：甲\\[\\]]{0,24}") {
            let _ = TitleParts::of(&title).quoted();
        }
    }
}
