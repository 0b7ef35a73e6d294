//! What every page has round it: the name of the house, the ways to go, the reader's language.

use archive_core::people::Role;
use archive_core::text::{Lang, Text};

use crate::visit::Visit;

/// A way to go.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    /// Where it leads.
    pub(crate) to: &'static str,
    /// What it is called.
    pub(crate) name: String,
    /// Whether it leads to where one is.
    pub(crate) here: bool,
    /// Something that waits there.
    pub(crate) waiting: usize,
}

/// What every page has round it.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// The reader's language.
    pub(crate) lang: Lang,
    /// What the page is called.
    pub(crate) title: String,
    /// Whose archive it is.
    pub(crate) house: String,
    /// The ways anyone may go, and those of who is signed in.
    pub(crate) ways: Vec<Way>,
    /// The ways of who is signed in.
    pub(crate) inner: Vec<Way>,
    /// The name of who is signed in.
    pub(crate) worker: Option<String>,
    /// What every form of theirs must send along.
    pub(crate) token: String,
    /// The same page in the other language.
    pub(crate) other: String,
}

/// The pages of who works here, in the order of use.
const INNER: [(&str, Text); 13] = [
    ("/staff", Text::fixed("工作台", "Desk")),
    ("/staff/board", Text::fixed("组卷", "Arrangement")),
    ("/staff/ties", Text::fixed("关联", "Ties")),
    ("/staff/findings", Text::fixed("检查", "Findings")),
    ("/staff/opening", Text::fixed("开放审核", "Opening")),
    ("/staff/requests", Text::fixed("查档申请", "Requests")),
    ("/staff/loans", Text::fixed("借阅", "Loans")),
    ("/staff/periods", Text::fixed("鉴定", "Periods")),
    ("/staff/disposal", Text::fixed("销毁", "Destruction")),
    ("/staff/storeroom", Text::fixed("库房", "Storeroom")),
    ("/staff/forms", Text::fixed("打印", "Printing")),
    ("/staff/audit", Text::fixed("审计", "Audit")),
    ("/staff/people", Text::fixed("人员", "People")),
];

impl Frame {
    pub(crate) fn new(visit: &Visit, title: &Text) -> Self {
        let path = visit.here.split('?').next().unwrap_or_default();
        let way = |(to, name): &(&'static str, Text)| Way {
            to,
            name: visit.say(name),
            here: path == *to || (*to != "/" && *to != "/staff" && path.starts_with(*to)),
            waiting: if *to == "/staff/requests" { visit.waiting } else { 0 },
        };
        let outer = [("/", Text::fixed("检索", "Search")), ("/browse", Text::fixed("目录", "Catalogue"))];
        Self {
            lang: visit.lang,
            title: visit.say(title),
            house: visit.house.clone(),
            ways: outer.iter().map(way).collect(),
            inner: if visit.worker.is_some() { INNER.iter().map(way).collect() } else { Vec::new() },
            worker: visit.worker.as_ref().map(|worker| {
                let roles: Vec<String> =
                    worker.roles.iter().map(|role: &Role| visit.say(&role.word())).collect();
                if roles.is_empty() {
                    worker.name.clone()
                } else {
                    match visit.lang {
                        Lang::Zh => format!("{}（{}）", worker.name, roles.join("、")),
                        Lang::En => format!("{} ({})", worker.name, roles.join(", ")),
                    }
                }
            }),
            token: visit.worker.as_ref().map(|worker| worker.token.clone()).unwrap_or_default(),
            other: other_language(visit),
        }
    }

    /// One of two wordings: a template can't name the one without the other.
    pub(crate) fn t<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// The language as HTML names it.
    pub(crate) fn tag(&self) -> &'static str {
        match self.lang {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }
}

fn other_language(visit: &Visit) -> String {
    let (path, query) = visit.here.split_once('?').unwrap_or((&visit.here, ""));
    let mut pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    pairs.retain(|(name, _)| name != "lang");
    let other = if visit.lang == Lang::Zh { "en" } else { "zh" };
    pairs.push(("lang".to_owned(), other.to_owned()));
    format!("{path}?{}", crate::answer::query(&pairs))
}
