//! The query language: what a person types, read into a tree; and what is wrong with it, explained.
//!
//! ```text
//! 防汛 预算                 both on one page
//! 防汛 OR 抗旱              one of them (also 或者, |)
//! 防汛 NOT 通知             the one without the other (also 不含, -通知)
//! "防汛 抗旱"               as written, spaces aside
//! (防汛 OR 抗旱) 预算       brackets group; brackets inside a word belong to it: 建政办（2005）16号
//! 题名:防汛                 in one field; 年度:2001..2004, 日期:2004-05, 期限:永久 choose
//! 防?指挥部                 ? is any one character; * any number of them
//! ```
//!
//! Operators bind as in arithmetic: NOT before AND before OR. They are rewritten where they stand, so
//! that a NOT reaches everything it stands before.

use std::ops::Range;

use archive_core::text;
use archive_core::text::Text;

use super::filter::{Filter, FilterField};
use super::fold::{fold, letters};

/// A query as a tree.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// A piece of text to be found.
    Leaf(Leaf),
    /// A choice by what the record is.
    Filter(Filter),
    /// All of them.
    And(Vec<Node>),
    /// At least one of them.
    Or(Vec<Node>),
    /// Not it.
    Not(Box<Node>),
}

/// A piece of text to be found, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    /// In one field; anywhere if there is none.
    pub(super) field: Option<TextField>,
    /// As typed, quotation marks taken off.
    pub(super) text: String,
    /// Whether `?` and `*` stand for characters.
    pub(super) wild: bool,
}

/// The fields that hold text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextField {
    /// 题名.
    Title,
    /// 文号.
    Number,
    /// 责任者.
    Responsible,
    /// 人名: persons the record speaks of.
    Persons,
    /// 正文: the text of the page.
    Text,
    /// 备注.
    Notes,
}

impl TextField {
    /// Every text field.
    pub const ALL: [Self; 6] =
        [Self::Title, Self::Number, Self::Responsible, Self::Persons, Self::Text, Self::Notes];
}

/// What is wrong with a query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// Where, in characters of the query.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: Text,
    /// What to do.
    pub help: Text,
}

const LONGEST: usize = 2_000;
const DEEPEST: usize = 32;
const MOST_LEAVES: usize = 128;

/// Reads a query.
pub(super) fn parse(query: &str) -> Result<Node, QueryError> {
    let chars: Vec<char> = query.chars().collect();
    if chars.len() > LONGEST {
        return Err(QueryError {
            at: LONGEST..chars.len(),
            message: text!(
                "检索式过长，最多 {LONGEST} 个字符",
                "the query is longer than {LONGEST} characters"
            ),
            help: Text::fixed("请缩短检索式", "shorten the query"),
        });
    }
    let tokens = Lexer { chars: &chars, at: 0, tokens: Vec::new() }.run()?;
    let leaves = tokens.iter().filter(|token| matches!(token.kind, Kind::Leaf(_))).count();
    if leaves > MOST_LEAVES {
        return Err(QueryError {
            at: 0..chars.len(),
            message: text!(
                "检索词过多，最多 {MOST_LEAVES} 个",
                "the query has more than {MOST_LEAVES} terms"
            ),
            help: Text::fixed("请减少检索词", "use fewer terms"),
        });
    }
    if tokens.is_empty() {
        return Err(QueryError {
            at: 0..chars.len(),
            message: Text::fixed("检索式是空的", "the query is empty"),
            help: Text::fixed("请输入要查找的文字，例如：防汛 预算", "type what to look for, e.g. 防汛 预算"),
        });
    }
    let mut parser = Parser { tokens: &tokens, next: 0, end: chars.len() };
    let node = parser.any_of(0)?;
    match parser.tokens.get(parser.next) {
        None if wants_nothing(&node) => Err(QueryError {
            at: 0..chars.len(),
            message: Text::fixed(
                "只说了不要什么，没说要找什么",
                "it says what isn't wanted, but not what is",
            ),
            help: Text::fixed("请加上要找的词，例如：防汛 NOT 通知", "add a term, e.g. 防汛 NOT 通知"),
        }),
        None => Ok(node),
        Some(token) => Err(QueryError {
            at: token.at.clone(),
            message: Text::fixed("多了一个右括号", "there is a closing bracket too many"),
            help: Text::fixed("请删去它，或在前面补上左括号", "take it away, or open one before it"),
        }),
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Leaf(Leaf),
    Filter(Filter),
    /// A bracket; with a field before it, what is inside is looked for there.
    Open(Option<TextField>),
    Close,
    And,
    Or,
    Not,
}

#[derive(Debug, Clone, PartialEq)]
struct Token {
    kind: Kind,
    at: Range<usize>,
}

/// What a name before a colon stands for.
#[derive(Debug, Clone, Copy)]
enum Named {
    Text(TextField),
    Filter(FilterField),
}

fn named(name: &str) -> Option<Named> {
    // 題名, ＴＩＴＬＥ.
    Some(match letters(name).as_str() {
        "题名" | "标题" | "文件题名" | "title" => Named::Text(TextField::Title),
        "文号" | "发文字号" | "number" => Named::Text(TextField::Number),
        "责任者" | "作者" | "发文机关" | "author" | "responsible" => {
            Named::Text(TextField::Responsible)
        }
        "人名" | "人物" | "姓名" | "person" | "persons" => Named::Text(TextField::Persons),
        "正文" | "全文" | "内容" | "text" => Named::Text(TextField::Text),
        "备注" | "附注" | "notes" => Named::Text(TextField::Notes),
        other => Named::Filter(FilterField::named(other)?),
    })
}

struct Lexer<'a> {
    chars: &'a [char],
    at: usize,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    fn run(mut self) -> Result<Vec<Token>, QueryError> {
        while let Some(&ch) = self.chars.get(self.at) {
            let start = self.at;
            let next = self.chars.get(start + 1).copied();
            let one = start..start + 1;
            match ch {
                _ if ch.is_whitespace() => self.at += 1,
                '(' | '（' if !self.is_year_in_brackets() => self.push(Kind::Open(None), one),
                ')' | '）' => self.push(Kind::Close, one),
                '|' | '｜' => self.push(Kind::Or, start..self.past('|')),
                '&' => self.push(Kind::And, start..self.past('&')),
                '-' | '－' | '!' | '！' if next.is_some_and(|c| !c.is_whitespace()) => {
                    self.push(Kind::Not, one);
                }
                '+' if next.is_some_and(|c| !c.is_whitespace()) => self.at += 1,
                _ => self.word(None)?,
            }
        }
        Ok(self.tokens)
    }

    fn push(&mut self, kind: Kind, at: Range<usize>) {
        self.at = at.end;
        self.tokens.push(Token { kind, at });
    }

    /// The place after a run of one sign (`||` is `|`).
    fn past(&self, sign: char) -> usize {
        let run = self.chars[self.at..].iter().skip(1).take_while(|&&c| c == sign).count();
        self.at + 1 + run
    }

    /// (2005) at the start of a word belongs to it: (2005)16号.
    fn is_year_in_brackets(&self) -> bool {
        let inside = self.chars.get(self.at + 1..self.at + 5);
        let after = self.chars.get(self.at + 5);
        inside.is_some_and(|year| year.iter().all(|c| c.is_ascii_digit() || ('０'..='９').contains(c)))
            && matches!(after, Some(')' | '）'))
            && self.chars.get(self.at + 6).is_some_and(|c| !c.is_whitespace())
    }

    fn word(&mut self, field: Option<(Named, usize)>) -> Result<(), QueryError> {
        let start = self.at;
        let whole_start = field.map_or(start, |(_, name_start)| name_start);
        if let Some(&open) = self.chars.get(start)
            && let Some(close) = closing_quote(open)
        {
            let inside = &self.chars[start + 1..];
            let Some(length) =
                inside.iter().position(|&c| c == close || (close == '”' && c == '“' && open == c))
            else {
                return Err(QueryError {
                    at: start..self.chars.len(),
                    message: Text::fixed("引号没有结束", "a quotation mark isn't closed"),
                    help: text!("请在短语末尾补上 {close}", "close the phrase with {close}"),
                });
            };
            let phrase: String = inside[..length].iter().collect();
            let end = start + length + 2;
            return self.finish(field, phrase, true, whole_start..end);
        }
        let mut depth = 0_usize;
        while let Some(&ch) = self.chars.get(self.at) {
            match ch {
                _ if ch.is_whitespace() => break,
                '|' | '｜' => break,
                '(' | '（' => depth += 1,
                ')' | '）' if depth == 0 => break,
                ')' | '）' => depth -= 1,
                ':' | '：' if field.is_none() => {
                    let name: String = self.chars[start..self.at].iter().collect();
                    if let Some(found) = named(&name) {
                        self.at += 1;
                        if let (Named::Text(inside), Some('(' | '（')) = (found, self.chars.get(self.at)) {
                            self.push(Kind::Open(Some(inside)), self.at..self.at + 1);
                            return Ok(());
                        }
                        return self.word(Some((found, start)));
                    }
                    if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic()) {
                        return Err(unknown_field(&name, start..self.at));
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        let typed: String = self.chars[start..self.at].iter().collect();
        let at = whole_start..self.at;
        if field.is_none() {
            let operator = match typed.as_str() {
                "AND" | "并且" => Some(Kind::And),
                "OR" | "或者" => Some(Kind::Or),
                "NOT" | "不含" => Some(Kind::Not),
                _ => None,
            };
            if let Some(operator) = operator {
                self.push(operator, at);
                return Ok(());
            }
        }
        self.finish(field, typed, false, at)
    }

    fn finish(
        &mut self,
        field: Option<(Named, usize)>,
        typed: String,
        quoted: bool,
        at: Range<usize>,
    ) -> Result<(), QueryError> {
        if typed.trim().is_empty() {
            return Err(QueryError {
                at,
                message: Text::fixed("这里没有检索词", "there is nothing to look for here"),
                help: Text::fixed(
                    "请在冒号后或引号内输入文字",
                    "type something after the colon or between the marks",
                ),
            });
        }
        let kind = match field {
            Some((Named::Filter(field), _)) => {
                Kind::Filter(Filter::read(field, &typed).map_err(|why| QueryError {
                    at: at.clone(),
                    message: why,
                    help: Text::fixed(
                        "写法如：年度:2004、年度:2001..2004、日期:2004-05..2004-08、期限:永久",
                        "write e.g. 年度:2004, 年度:2001..2004, 日期:2004-05..2004-08, 期限:永久",
                    ),
                })?)
            }
            Some((Named::Text(field), _)) => {
                Kind::Leaf(Leaf { field: Some(field), wild: !quoted && is_wild(&typed), text: typed })
            }
            None => Kind::Leaf(Leaf { field: None, wild: !quoted && is_wild(&typed), text: typed }),
        };
        if let Kind::Leaf(leaf) = &kind
            && fold(&leaf.text).is_empty()
        {
            let shown = &leaf.text;
            return Err(QueryError {
                at,
                message: text!("“{shown}”里只有标点，没有可查的文字", "\"{shown}\" is only punctuation"),
                help: Text::fixed("请输入文字或数字", "type letters or digits"),
            });
        }
        self.push(kind, at);
        Ok(())
    }
}

fn is_wild(text: &str) -> bool {
    text.contains(['?', '？', '*', '＊'])
}

const fn closing_quote(open: char) -> Option<char> {
    Some(match open {
        '"' => '"',
        '＂' => '＂',
        '“' | '”' => '”',
        '「' => '」',
        '『' => '』',
        _ => return None,
    })
}

fn unknown_field(name: &str, at: Range<usize>) -> QueryError {
    QueryError {
        at,
        message: text!("没有名为 {name} 的检索项", "there is no field {name}"),
        help: fields_there_are(),
    }
}

/// What a query may have before a colon.
pub(super) fn fields_there_are() -> Text {
    Text::fixed(
        "检索项有：题名、文号、责任者、人名、正文、备注、全宗、年度、日期、期限、文种、归档机构、党政、开放；要查冒号本身请加引号",
        "the fields are: title, number, author, person, text, notes, fonds, year, date, period, type, section, side, \
         opening; put the words in quotation marks to look for a colon",
    )
}

struct Parser<'a> {
    tokens: &'a [Token],
    next: usize,
    end: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Kind> {
        self.tokens.get(self.next).map(|token| &token.kind)
    }

    fn any_of(&mut self, depth: usize) -> Result<Node, QueryError> {
        let mut parts = vec![self.all_of(depth)?];
        while self.peek() == Some(&Kind::Or) {
            self.next += 1;
            parts.push(self.all_of(depth)?);
        }
        Ok(joined(parts, Node::Or))
    }

    fn all_of(&mut self, depth: usize) -> Result<Node, QueryError> {
        let mut parts = vec![self.one(depth)?];
        loop {
            match self.peek() {
                None | Some(Kind::Or | Kind::Close) => return Ok(joined(parts, Node::And)),
                Some(Kind::And) => self.next += 1,
                Some(_) => {}
            }
            parts.push(self.one(depth)?);
        }
    }

    fn one(&mut self, depth: usize) -> Result<Node, QueryError> {
        if depth > DEEPEST {
            return Err(QueryError {
                at: self.place(),
                message: Text::fixed("括号套得太深", "the brackets are nested too deep"),
                help: Text::fixed("请减少括号的层数", "use fewer brackets"),
            });
        }
        let Some(token) = self.tokens.get(self.next) else { return Err(self.operand_missing()) };
        match &token.kind {
            Kind::Leaf(leaf) => {
                self.next += 1;
                Ok(Node::Leaf(leaf.clone()))
            }
            Kind::Filter(filter) => {
                self.next += 1;
                Ok(Node::Filter(filter.clone()))
            }
            Kind::Not => {
                self.next += 1;
                Ok(Node::Not(Box::new(self.one(depth + 1)?)))
            }
            Kind::Open(field) => {
                self.next += 1;
                let mut inside = self.any_of(depth + 1)?;
                if self.peek() != Some(&Kind::Close) {
                    return Err(QueryError {
                        at: token.at.clone(),
                        message: Text::fixed("左括号没有配对的右括号", "an opening bracket isn't closed"),
                        help: Text::fixed("请补上右括号", "close it"),
                    });
                }
                self.next += 1;
                if let Some(field) = field {
                    put_field(&mut inside, *field);
                }
                Ok(inside)
            }
            Kind::And | Kind::Or | Kind::Close => Err(self.operand_missing()),
        }
    }

    fn place(&self) -> Range<usize> {
        self.tokens.get(self.next).map_or(self.end..self.end, |token| token.at.clone())
    }

    fn operand_missing(&self) -> QueryError {
        QueryError {
            at: self.place(),
            message: Text::fixed(
                "AND、OR、NOT 或括号旁边缺少检索词",
                "there is nothing to look for beside an AND, OR, NOT or a bracket",
            ),
            help: Text::fixed(
                "请补上检索词；要查这个词本身，请加引号",
                "add a term; to look for the word itself, put it in quotation marks",
            ),
        }
    }
}

/// The words before a colon that are no field of ours, in what is looked for as written: 不存在:防汛.
pub(super) fn taken_for_text(node: &Node) -> Vec<&str> {
    match node {
        Node::Leaf(Leaf { field: None, text, .. }) => match text.split_once([':', '：']) {
            Some((name, what))
                if !name.is_empty() && !what.is_empty() && name.chars().all(char::is_alphabetic) =>
            {
                vec![name]
            }
            _ => Vec::new(),
        },
        Node::Leaf(_) | Node::Filter(_) => Vec::new(),
        Node::And(parts) | Node::Or(parts) => parts.iter().flat_map(taken_for_text).collect(),
        Node::Not(inside) => taken_for_text(inside),
    }
}

/// Whether a tree only takes away.
fn wants_nothing(node: &Node) -> bool {
    match node {
        Node::Leaf(_) | Node::Filter(_) => false,
        Node::Not(_) => true,
        Node::And(parts) => parts.iter().all(wants_nothing),
        Node::Or(parts) => parts.iter().any(wants_nothing),
    }
}

fn joined(mut parts: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Node {
    if parts.len() == 1
        && let Some(only) = parts.pop()
    {
        return only;
    }
    join(parts)
}

fn put_field(node: &mut Node, field: TextField) {
    match node {
        Node::Leaf(leaf) => leaf.field = leaf.field.or(Some(field)),
        Node::Filter(_) => {}
        Node::And(parts) | Node::Or(parts) => parts.iter_mut().for_each(|part| put_field(part, field)),
        Node::Not(inside) => put_field(inside, field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree in brackets.
    fn shown(query: &str) -> String {
        fn show(node: &Node) -> String {
            let list = |parts: &[Node], sign: &str| {
                format!("({})", parts.iter().map(show).collect::<Vec<_>>().join(sign))
            };
            match node {
                Node::Leaf(leaf) => match leaf.field {
                    Some(field) => format!("{field:?}={}", leaf.text),
                    None => leaf.text.clone(),
                },
                Node::Filter(filter) => format!("{filter:?}"),
                Node::And(parts) => list(parts, " & "),
                Node::Or(parts) => list(parts, " | "),
                Node::Not(inside) => format!("!{}", show(inside)),
            }
        }
        match parse(query) {
            Ok(node) => show(&node),
            Err(error) => format!("{:?} {}", error.at, error.message.zh),
        }
    }

    #[test]
    fn operators_bind_as_in_arithmetic() {
        assert_eq!(shown("防汛 预算 OR 抗旱 NOT 通知"), "((防汛 & 预算) | (抗旱 & !通知))");
        assert_eq!(shown("（防汛 或者 抗旱） 并且 -通知"), "((防汛 | 抗旱) & !通知)");
    }

    #[test]
    fn brackets_inside_a_word_belong_to_it() {
        assert_eq!(shown("建政办（2005）16号 (防汛)"), "(建政办（2005）16号 & 防汛)");
        assert_eq!(shown("(2005)16号"), "(2005)16号");
        assert_eq!(shown("建政办〔2005〕16号"), "建政办〔2005〕16号");
    }

    #[test]
    fn fields_are_named_in_both_languages() {
        assert_eq!(shown("题名:防汛 title:\"抗旱 指挥\""), "(Title=防汛 & Title=抗旱 指挥)");
        assert_eq!(shown("责任者：（县政府 OR 县委）"), "(Responsible=县政府 | Responsible=县委)");
        assert_eq!(shown("時间：上午 題名:水庫 Ｔｉｔｌｅ：抗旱"), "(時间：上午 & Title=水庫 & Title=抗旱)");
    }

    #[test]
    fn what_is_wrong_is_said_and_where() {
        assert_eq!(shown(""), "0..0 检索式是空的");
        assert_eq!(shown("防汛 OR"), "5..5 AND、OR、NOT 或括号旁边缺少检索词");
        assert_eq!(shown("(防汛"), "0..1 左括号没有配对的右括号");
        assert_eq!(shown("防汛)"), "2..3 多了一个右括号");
        assert_eq!(shown("“防汛"), "0..3 引号没有结束");
        assert_eq!(shown("titel:防汛"), "0..5 没有名为 titel 的检索项");
        assert_eq!(shown("题名: 防汛"), "0..3 这里没有检索词");
        assert_eq!(shown("。。"), "0..2 “。。”里只有标点，没有可查的文字");
        assert_eq!(shown("NOT 防汛"), "0..6 只说了不要什么，没说要找什么");
        assert_eq!(shown("年度:去年"), "0..5 “去年”不是年度");
        assert!(shown(&"(".repeat(500)).contains("太深"));
    }
}
