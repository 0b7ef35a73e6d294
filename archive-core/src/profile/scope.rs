//! The table of scope (归档范围和保管期限表): which line a record falls under (R2, A1).
//!
//! A line names words that stand in a record's title, question, meeting or type; types it is limited
//! to; and who made it, seen from the institution. Several lines may match. **The most specific one
//! wins**: one marked `first` before one that isn't; then the one whose matched words have the most characters (the longest of `any`, and each of `all`);
//! between equals one limited to types before one that isn't, then one limited to makers, then
//! the line that stands first. An office's own lines stand before those of the table it builds on.
//!
//! A million records are matched in one pass each: all words of all lines are looked for at once.

use aho_corasick::AhoCorasick;
use serde::{Deserialize, Serialize};

use super::Retention;
use crate::model::{Institution, Item, RetentionPeriod};
use crate::reading::{DocType, TitleParts};

/// A line of the table of scope: which records, kept how long, by which authority.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScopeLine {
    /// Its number in the table, e.g. `4.1`.
    pub no: String,
    /// What it covers, in words.
    pub what: String,
    /// How long that is kept.
    pub period: RetentionPeriod,
    /// Whether it goes before the lines that aren't so marked, however many words they match: a bulletin is a
    /// bulletin whatever it reports on.
    #[serde(default)]
    pub first: bool,
    /// Words of which at least one stands in the title, question, meeting or type of a record it covers.
    #[serde(default)]
    pub any: Vec<String>,
    /// Words that must all stand there.
    #[serde(default)]
    pub all: Vec<String>,
    /// Words that must not.
    #[serde(default)]
    pub none: Vec<String>,
    /// Document types (文种) it is limited to; empty for all.
    #[serde(default)]
    pub types: Vec<String>,
    /// Who made the record, seen from the institution: itself, above, below, a peer; empty for all.
    #[serde(default)]
    pub makers: Vec<Maker>,
    /// The document the line comes from; a line of an office's own that names none comes from its profile's.
    #[serde(default)]
    pub source: String,
    /// The article in it.
    #[serde(default)]
    pub clause: String,
    /// Whether the wording and the period were seen in that document, or only in a copy or from memory.
    #[serde(default)]
    pub verified: bool,
}

/// Who made a record, seen from the institution that files it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Maker {
    /// The institution itself (本机关).
    Own,
    /// A superior body (上级).
    Above,
    /// A body of the same level (同级).
    Peer,
    /// A subordinate body (下级).
    Below,
}

impl Maker {
    /// Who made an item, by the first of its bodies, or by the author its title names.
    pub fn of_item(item: &Item, institution: &Institution) -> Option<Self> {
        match item.bodies.first() {
            Some(body) => Self::of(body, institution),
            None => Self::of(TitleParts::of(&item.title).author?, institution),
        }
    }

    /// Who a body is, seen from the institution, as far as the two names tell.
    ///
    /// Names tell the level (国务院, 省, 市, 县, 乡) and the place; a department of the institution's own place
    /// (县财政局) is below a government or party committee and its office, and a peer of any other body.
    pub fn of(body: &str, institution: &Institution) -> Option<Self> {
        let body = body.trim();
        if body.is_empty() {
            return None;
        }
        if body == institution.name || shares_core(body, &institution.name) {
            return Some(Self::Own);
        }
        let home = Seat::of(&institution.name);
        let seat = Seat::of(body);
        let level = seat.level?;
        let home_level = home.level.unwrap_or(Level::County);
        // A bare 县财政局 or 县长 is of the institution's own place.
        let same_place = level == home_level && (seat.place.is_empty() || seat.place == home.place);
        if !same_place {
            return Some(match level.cmp(&home_level) {
                std::cmp::Ordering::Less => Self::Above,
                std::cmp::Ordering::Equal => Self::Peer,
                std::cmp::Ordering::Greater => Self::Below,
            });
        }
        let (mine, theirs) = (Branch::of(&institution.name), Branch::of(body));
        Some(match (mine, theirs) {
            (mine, theirs) if mine == theirs && mine != Branch::Department => Self::Own,
            (Branch::Party | Branch::Government, Branch::Department) => Self::Below,
            _ => Self::Peer,
        })
    }
}

/// 临溪县人民政府 and 临溪县人民政府办公室 file together: the one's name begins the other's.
fn shares_core(a: &str, b: &str) -> bool {
    let core = |name: &str| -> String {
        name.trim_start_matches("中共").trim_end_matches(['厅', '室']).trim_end_matches("办公").to_owned()
    };
    let (a, b) = (core(a), core(b));
    !a.is_empty() && a == b
}

/// Levels of the state, from the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Centre,
    Province,
    City,
    County,
    Township,
    Village,
}

/// Where a body sits, as its name tells.
struct Seat<'a> {
    level: Option<Level>,
    place: &'a str,
}

impl<'a> Seat<'a> {
    fn of(name: &'a str) -> Self {
        const CENTRE: [&str; 9] =
            ["国务院", "中共中央", "中央", "全国", "国家", "中华人民共和国", "最高人民", "财政部", "教育部"];
        const SUFFIXES: [(&str, Level); 14] = [
            ("自治区", Level::Province),
            ("省", Level::Province),
            ("自治州", Level::City),
            ("州", Level::City),
            ("盟", Level::City),
            ("市", Level::City),
            ("自治县", Level::County),
            ("县", Level::County),
            ("区", Level::County),
            ("旗", Level::County),
            ("街道", Level::Township),
            ("镇", Level::Township),
            ("乡", Level::Township),
            ("村", Level::Village),
        ];
        let plain = name.trim_start_matches("中国共产党").trim_start_matches("中共");
        if CENTRE.iter().any(|word| plain.starts_with(word))
            || plain.starts_with("中央")
            || name.starts_with("中共中央")
        {
            return Self { level: Some(Level::Centre), place: "" };
        }
        // The lowest place the name begins with: 深圳市福田区… is 福田区's.
        let mut best = Self { level: None, place: "" };
        let mut from = 0;
        loop {
            let rest = &plain[from..];
            let next = SUFFIXES
                .iter()
                .filter_map(|(suffix, level)| {
                    let at = rest.find(suffix)?;
                    let before = rest[..at].chars().count();
                    // A place has one to eight characters before its suffix, or none where it is the institution's own (县…).
                    (before <= 8 && (from == 0 || before > 0)).then_some((at, at + suffix.len(), *level))
                })
                .filter(|(_, _, level)| best.level.is_none_or(|known| *level > known))
                .min_by_key(|(at, end, _)| (*at, usize::MAX - end));
            let Some((at, end, level)) = next else { break };
            let place = &rest[..end];
            if !believable_place(place, at) {
                break;
            }
            best = Self { level: Some(level), place: if at == 0 { "" } else { place } };
            from += end;
        }
        if best.level.is_none() && (plain.contains("县长") || plain.contains("县委")) {
            best.level = Some(Level::County);
        }
        best
    }
}

/// 财政局市场科 is no place, nor is 开发区管委会's 开发区: what stands before the suffix is a name, not an office.
fn believable_place(place: &str, name_len: usize) -> bool {
    !["局", "厅", "委员会", "办公室", "政府", "小组", "分管", "部门"]
        .iter()
        .any(|word| place[..name_len].contains(word))
}

/// Which branch of the state a body belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Branch {
    Party,
    Government,
    Congress,
    Consultative,
    Department,
}

impl Branch {
    fn of(name: &str) -> Self {
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if has(&["人大", "人民代表大会"]) {
            Self::Congress
        } else if has(&["政协", "政治协商"]) {
            Self::Consultative
        } else if name.starts_with("中共")
            || has(&["县委", "市委", "区委", "省委", "旗委"]) && !has(&["委员会办", "计委"])
        {
            Self::Party
        } else if has(&["人民政府", "县政府", "市政府", "区政府", "县长", "区长", "督查室"])
        {
            Self::Government
        } else {
            Self::Department
        }
    }
}

/// The line a record falls under.
#[derive(Debug, Clone, PartialEq)]
pub struct ScopeMatch<'p> {
    /// Its place among the lines of the profile.
    pub index: u32,
    /// The line.
    pub line: &'p ScopeLine,
    /// The words of the line that stand in the record, longest first.
    pub words: Vec<&'p str>,
}

/// The table of scope, made ready for matching many records.
#[derive(Debug)]
pub struct ScopeMatcher<'p> {
    lines: &'p [ScopeLine],
    prepared: Vec<PreparedLine>,
    words: Vec<&'p str>,
    automaton: Option<AhoCorasick>,
}

/// How specifically a line matches: marked `first`, characters of its words, limited to types, to makers.
type Weight = (bool, usize, bool, bool);

#[derive(Debug)]
struct PreparedLine {
    any: Vec<usize>,
    all: Vec<usize>,
    none: Vec<usize>,
    types: Vec<DocType>,
}

impl<'p> ScopeMatcher<'p> {
    /// Makes the table of a profile ready.
    pub fn new(retention: &'p Retention) -> Self {
        let lines = retention.scope.as_slice();
        let mut words: Vec<&'p str> = lines
            .iter()
            .flat_map(|line| line.any.iter().chain(&line.all).chain(&line.none))
            .map(String::as_str)
            .collect();
        words.sort_unstable();
        words.dedup();
        let ids = |list: &[String]| -> Vec<usize> {
            list.iter().filter_map(|word| words.binary_search(&word.as_str()).ok()).collect()
        };
        let prepared = lines
            .iter()
            .map(|line| PreparedLine {
                any: ids(&line.any),
                all: ids(&line.all),
                none: ids(&line.none),
                types: line.types.iter().filter_map(|word| word.parse().ok()).collect(),
            })
            .collect();
        let automaton = if words.is_empty() { None } else { AhoCorasick::new(&words).ok() };
        Self { lines, prepared, words, automaton }
    }

    /// The line an item falls under, if any does. `maker` is who made it ([`Maker::of_item`]).
    pub fn best(&self, item: &Item, maker: Option<Maker>) -> Option<ScopeMatch<'p>> {
        let doc_type = item
            .doc_type
            .as_deref()
            .and_then(|word| word.parse().ok())
            .or_else(|| DocType::of_title(&item.title));
        let mut hits = Vec::new();
        let index = self.index_of(item, doc_type, maker, &mut hits)? as usize;
        let mut words: Vec<&'p str> = self.prepared[index]
            .any
            .iter()
            .chain(&self.prepared[index].all)
            .filter(|id| hits[**id])
            .map(|id| self.words[*id])
            .collect();
        words.sort_by_key(|word| (std::cmp::Reverse(word.len()), *word));
        Some(ScopeMatch { index: u32::try_from(index).ok()?, line: &self.lines[index], words })
    }

    /// The place of the line an item of a known type falls under. `hits` is room to work in, kept from item to item.
    pub(crate) fn index_of(
        &self,
        item: &Item,
        doc_type: Option<DocType>,
        maker: Option<Maker>,
        hits: &mut Vec<bool>,
    ) -> Option<u32> {
        hits.clear();
        hits.resize(self.words.len(), false);
        for text in
            [Some(&item.title), item.question.as_ref(), item.meeting_or_case.as_ref(), item.doc_type.as_ref()]
                .into_iter()
                .flatten()
        {
            if let Some(automaton) = &self.automaton {
                for hit in automaton.find_overlapping_iter(text.as_str()) {
                    hits[hit.pattern().as_usize()] = true;
                }
            }
        }
        let mut best: Option<(Weight, usize)> = None;
        for (index, (line, prepared)) in self.lines.iter().zip(&self.prepared).enumerate() {
            if let Some(weight) = self.weight(line, prepared, hits, doc_type, maker)
                && best.is_none_or(|(known, _)| weight > known)
            {
                best = Some((weight, index));
            }
        }
        best.and_then(|(_, index)| u32::try_from(index).ok())
    }

    /// How specifically a line matches, nothing if it doesn't.
    fn weight(
        &self,
        line: &ScopeLine,
        prepared: &PreparedLine,
        hits: &[bool],
        doc_type: Option<DocType>,
        maker: Option<Maker>,
    ) -> Option<Weight> {
        if prepared.none.iter().any(|id| hits[*id]) || !prepared.all.iter().all(|id| hits[*id]) {
            return None;
        }
        let chars = |id: &usize| self.words[*id].chars().count();
        let longest = prepared.any.iter().filter(|id| hits[**id]).map(chars).max();
        if !line.any.is_empty() && longest.is_none() {
            return None;
        }
        let types = !line.types.is_empty();
        if types && !doc_type.is_some_and(|found| prepared.types.contains(&found)) {
            return None;
        }
        let makers = !line.makers.is_empty();
        if makers && !maker.is_some_and(|found| line.makers.contains(&found)) {
            return None;
        }
        let all: usize = prepared.all.iter().map(chars).sum();
        Some((line.first, longest.unwrap_or(0) + all, types, makers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ItemId;
    use crate::profile::Profile;

    fn office() -> Institution {
        Institution { name: "临溪县人民政府办公室".into(), fonds: "J019".into() }
    }

    #[test]
    fn names_tell_who_a_body_is() {
        for (body, maker) in [
            ("临溪县人民政府办公室", Some(Maker::Own)),
            ("临溪县人民政府", Some(Maker::Own)),
            ("县人民政府办公室", Some(Maker::Own)),
            ("县长", Some(Maker::Own)),
            ("国务院办公厅", Some(Maker::Above)),
            ("中共中央", Some(Maker::Above)),
            ("岭东省人民政府", Some(Maker::Above)),
            ("岭东省交通厅", Some(Maker::Above)),
            ("江州市人民政府办公室", Some(Maker::Above)),
            ("中共临溪县委办公室", Some(Maker::Peer)),
            ("临溪县人民代表大会常务委员会", Some(Maker::Peer)),
            ("平溪县人民政府", Some(Maker::Peer)),
            ("县财政局", Some(Maker::Below)),
            ("县机构编制委员会", Some(Maker::Below)),
            ("桥头镇人民政府", Some(Maker::Below)),
            ("龙潭乡人民政府", Some(Maker::Below)),
            ("石门镇上洋村民委员会", Some(Maker::Below)),
            ("群众", None),
            ("", None),
        ] {
            assert_eq!(Maker::of(body, &office()), maker, "{body}");
        }
        let bureau = Institution { name: "深圳市福田区财政局".into(), fonds: "J020".into() };
        assert_eq!(Maker::of("深圳市人民政府", &bureau), Some(Maker::Above));
        assert_eq!(Maker::of("深圳市福田区民政局", &bureau), Some(Maker::Peer));
        assert_eq!(Maker::of("深圳市福田区财政局", &bureau), Some(Maker::Own));
    }

    /// Prints how often the table agrees with what a person decided: `cargo test -- --nocapture county`.
    #[test]
    fn an_ordinary_county_register_finds_a_line_for_nearly_every_item() {
        for (profile, aim) in [("futian-2006", 95), ("zaduo-2017", 95)] {
            let profile = Profile::built_in(profile).unwrap();
            let matcher = ScopeMatcher::new(&profile.retention);
            let (mut all, mut found) = (0, 0);
            for line in TITLES.lines() {
                let mut cells = line.split('|');
                let (Some(body), Some(title)) = (cells.next(), cells.next()) else { continue };
                let mut item = Item::new(ItemId(1), "1");
                item.title = title.into();
                item.bodies = crate::reading::bodies(body);
                all += 1;
                match matcher.best(&item, Maker::of_item(&item, &office())) {
                    Some(line) => {
                        found += 1;
                        println!("{} {} {title}", line.line.no, line.line.period);
                    }
                    None => println!("- {body} {title}"),
                }
            }
            assert!(found * 100 >= all * aim, "{}: {found} of {all}", profile.name);
        }
    }

    /// Who issued it, and its title: what an ordinary year of a county office looks like.
    const TITLES: &str = include_str!("titles.txt");

    #[test]
    fn the_most_specific_line_wins() {
        let profile = Profile::built_in("futian-2006").unwrap();
        let matcher = ScopeMatcher::new(&profile.retention);
        let line = |title: &str, body: &str| {
            let mut item = Item::new(ItemId(1), "1");
            item.title = title.into();
            item.bodies = crate::reading::bodies(body);
            matcher.best(&item, Maker::of_item(&item, &office())).map(|found| found.line.no.clone())
        };
        assert_eq!(line("全县农村工作会议简报（第1期）", "会议秘书组").as_deref(), Some("2.2"));
        assert_eq!(
            line("政府工作简报（第8期）：中小学危房改造", "临溪县人民政府办公室").as_deref(),
            Some("2.4")
        );
        assert_eq!(
            line("关于2004年国庆节放假和值班安排的通知", "临溪县人民政府办公室").as_deref(),
            Some("3.1")
        );
        assert_eq!(line("临溪县人民政府2004年第6次常务会议纪要", "临溪县人民政府").as_deref(), Some("1.3"));
        assert_eq!(line("县林业局关于苗圃用水的请示", "县林业局").as_deref(), Some("1.5"));
        assert_eq!(line("某某某", "某某"), None);
    }
}
