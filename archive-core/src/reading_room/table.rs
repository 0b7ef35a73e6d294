//! The table of the reading room, and looking a case up in it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::slip::{Price, Stamp};
use super::words::{Action, Paper, ReaderKind, RecordState};
use crate::model::{Item, OpeningState, SecrecyLevel};
use crate::refusal::Refusal;
use crate::rules::RuleId;
use crate::text;
use crate::text::{Lang, Text};

/// The rules of an office's reading room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ReadingRoom {
    /// The documents the table rests on.
    #[serde(default)]
    pub source: String,
    /// The table: each combination of reader, record and action stands in one line.
    pub decisions: Vec<Line>,
    /// What copies cost.
    #[serde(default)]
    pub prices: Vec<Price>,
    /// What is written on excerpts and copies.
    #[serde(default)]
    pub stamp: Stamp,
}

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Line {
    /// Which readers it speaks of.
    pub readers: Vec<ReaderKind>,
    /// Which records.
    pub records: Vec<RecordState>,
    /// Which wishes.
    pub actions: Vec<Action>,
    /// Sets of papers; one whole set is enough. None at all: it isn't served.
    pub any_of: Vec<Vec<Paper>>,
    /// The rule it carries out.
    pub rule: RuleId,
    /// The clause.
    pub source: String,
}

impl Line {
    fn speaks_of(&self, reader: ReaderKind, record: RecordState, action: Action) -> bool {
        self.readers.contains(&reader) && self.records.contains(&record) && self.actions.contains(&action)
    }
}

/// A combination that no line, or more than one, speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFault {
    /// The reader.
    pub reader: ReaderKind,
    /// The record.
    pub record: RecordState,
    /// The wish.
    pub action: Action,
    /// How many lines speak of it.
    pub lines: usize,
}

/// A case to be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Who asks.
    pub reader: ReaderKind,
    /// What the record is.
    pub record: BTreeSet<RecordState>,
    /// What they want.
    pub action: Action,
    /// What they showed, and what was consented to.
    pub papers: BTreeSet<Paper>,
}

/// What one line said of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoke<'a> {
    /// Of which state of the record.
    pub record: RecordState,
    /// The line; none if the table has a hole there (a table that was loaded has none).
    pub line: Option<&'a Line>,
    /// The set of papers that was enough.
    pub shown: Option<&'a [Paper]>,
}

impl Spoke<'_> {
    /// What is missing of each set; of two where one asks for all the other does and more, the lesser.
    pub fn missing(&self, papers: &BTreeSet<Paper>) -> Vec<Vec<Paper>> {
        let sets = self.line.map_or(&[][..], |line| &line.any_of);
        let lacking: Vec<Vec<Paper>> = sets
            .iter()
            .map(|set| set.iter().copied().filter(|paper| !papers.contains(paper)).collect())
            .collect();
        let within = |one: &[Paper], other: &[Paper]| one.iter().all(|paper| other.contains(paper));
        let outdone = |at: usize, set: &[Paper]| {
            lacking
                .iter()
                .enumerate()
                .any(|(other, one)| other != at && within(one, set) && (one.len() < set.len() || other < at))
        };
        let kept = lacking.iter().enumerate().filter(|(at, set)| !outdone(*at, set));
        kept.map(|(_, set)| set.clone()).collect()
    }
}

/// The decision of a case, with every line that spoke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<'a> {
    /// The lines, one for each state that counts.
    pub spoke: Vec<Spoke<'a>>,
    papers: BTreeSet<Paper>,
}

impl Answer<'_> {
    /// Whether it is served: every line that spoke is satisfied.
    pub fn is_yes(&self) -> bool {
        !self.spoke.is_empty() && self.spoke.iter().all(|one| one.shown.is_some())
    }

    /// Why it isn't served, if it isn't: the first line that isn't satisfied, and what it asks for.
    pub fn refusal(&self) -> Option<Refusal> {
        let no = self.spoke.iter().find(|one| one.shown.is_none())?;
        let Text { zh: state_zh, en: state_en } = no.record.word();
        let Some(line) = no.line else {
            let message =
                text!("表中没有管到{state_zh}档案的一行", "no line of the table speaks of this: {state_en}");
            return Some(Refusal::new(RuleId::U4, message));
        };
        let source = &line.source;
        if line.any_of.is_empty() {
            return Some(
                Refusal::new(
                    line.rule,
                    text!(
                        "{state_zh}档案不提供这类利用者这样利用",
                        "a record that is {state_en} isn't served so to such a reader"
                    ),
                )
                .with_help(text!("依据：{source}", "the clause: {source}")),
            );
        }
        let missing = no.missing(&self.papers);
        let zh = said(&missing, Lang::Zh);
        let en = said(&missing, Lang::En);
        Some(
            Refusal::new(
                line.rule,
                text!(
                    "{state_zh}档案，证件或手续不全，还缺：{zh}",
                    "a record that is {state_en}; papers are lacking: {en}"
                ),
            )
            .with_help(text!("补齐后再办；依据：{source}", "bring them; the clause: {source}")),
        )
    }
}

/// Sets of papers as a person reads them: 身份证＋负责人批准，或 介绍信.
pub(super) fn said(sets: &[Vec<Paper>], lang: Lang) -> String {
    let (and, or) = match lang {
        Lang::Zh => ("＋", "，或 "),
        Lang::En => (" + ", ", or "),
    };
    let set = |papers: &Vec<Paper>| {
        papers.iter().map(|paper| paper.word().in_lang(lang).to_owned()).collect::<Vec<_>>().join(and)
    };
    sets.iter().map(set).collect::<Vec<_>>().join(or)
}

impl Line {
    /// The papers it asks for, as a person reads them.
    pub fn asks(&self) -> Text {
        if self.any_of.is_empty() {
            return Text::fixed("不提供", "not served");
        }
        Text::new(said(&self.any_of, Lang::Zh), said(&self.any_of, Lang::En))
    }
}

impl Default for ReadingRoom {
    /// The table of the source documents: `profiles/reading-room.toml`.
    fn default() -> Self {
        // A test holds that the file can be read and has no hole; without a line nobody is served.
        toml::from_str(include_str!("../../profiles/reading-room.toml")).unwrap_or_else(|_| Self {
            source: String::new(),
            decisions: Vec::new(),
            prices: Vec::new(),
            stamp: Stamp::default(),
        })
    }
}

impl ReadingRoom {
    /// Decides a case.
    pub fn decide(&self, asked: &Asked) -> Answer<'_> {
        let spoke = asked
            .record
            .iter()
            .map(|&record| {
                let line =
                    self.decisions.iter().find(|line| line.speaks_of(asked.reader, record, asked.action));
                let shown = line.and_then(|line| {
                    let whole = |set: &&Vec<Paper>| set.iter().all(|paper| asked.papers.contains(paper));
                    line.any_of.iter().find(whole).map(Vec::as_slice)
                });
                Spoke { record, line, shown }
            })
            .collect();
        Answer { spoke, papers: asked.papers.clone() }
    }

    /// Combinations that no line, or more than one, speaks of: a table with one isn't used.
    pub fn faults(&self) -> Vec<TableFault> {
        let mut faults = Vec::new();
        for &reader in ReaderKind::ALL {
            for &record in RecordState::ALL {
                for &action in Action::ALL {
                    let speaks = |line: &&Line| line.speaks_of(reader, record, action);
                    let lines = self.decisions.iter().filter(speaks).count();
                    if lines != 1 {
                        faults.push(TableFault { reader, record, action, lines });
                    }
                }
            }
        }
        faults
    }
}

/// Words that tell a record of a marriage.
const MARRIAGE: [&str; 7] = ["婚姻", "结婚", "离婚", "复婚", "婚书", "再婚", "配偶"];

impl RecordState {
    /// What a record is to the reading room: its opening and level, whether it is of a marriage, and whether it is
    /// noted as damaged.
    ///
    /// Being damaged, classified and of a marriage each count for themselves; of the rest it counts whether it is open.
    pub fn of(item: &Item, damaged: bool) -> BTreeSet<Self> {
        let mut states = BTreeSet::new();
        if damaged {
            states.insert(Self::Damaged);
        }
        let told = |word: &&str| {
            item.title.contains(*word) || item.question.as_deref().is_some_and(|said| said.contains(*word))
        };
        let marriage = MARRIAGE.iter().any(told);
        let classified = item.secrecy.level != SecrecyLevel::None;
        if marriage {
            states.insert(Self::Marriage);
        }
        if classified {
            states.insert(Self::Classified);
        }
        if !marriage && !classified {
            states.insert(if item.opening == OpeningState::Open { Self::Open } else { Self::Closed });
        }
        states
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ItemId, Secrecy};
    use crate::profile::{BUILT_IN, Profile};

    /// Every set of papers there can be.
    fn every_set() -> impl Iterator<Item = BTreeSet<Paper>> {
        (0..1_u32 << Paper::ALL.len()).map(|bits| {
            Paper::ALL
                .iter()
                .enumerate()
                .filter(|(at, _)| bits >> at & 1 == 1)
                .map(|(_, paper)| *paper)
                .collect()
        })
    }

    fn decide(
        room: &ReadingRoom,
        reader: ReaderKind,
        record: RecordState,
        action: Action,
        papers: &BTreeSet<Paper>,
    ) -> bool {
        let asked = Asked { reader, record: BTreeSet::from([record]), action, papers: papers.clone() };
        let answer = room.decide(&asked);
        assert_eq!(answer.is_yes(), answer.refusal().is_none());
        answer.is_yes()
    }

    #[test]
    fn every_built_in_profile_has_a_table_without_hole_or_overlap() {
        for name in BUILT_IN {
            let room = Profile::built_in(name).unwrap().reading_room;
            assert!(room.faults().is_empty(), "{name}: {:?}", room.faults());
            assert!(room.decisions.iter().all(|line| !line.source.is_empty()));
        }
    }

    /// The whole table, every set of papers: 7 readers, 5 states, 3 actions, 2048 sets. What the clauses say is written here a
    /// second time, in another way, and must come out the same.
    #[test]
    fn the_table_walked_whole_says_what_the_clauses_say() {
        use Action as A;
        use Paper as P;
        use ReaderKind as K;
        use RecordState as S;
        let room = ReadingRoom::default();
        let sets: Vec<BTreeSet<Paper>> = every_set().collect();
        let mut yes = 0_u32;
        for &reader in K::ALL {
            for &record in S::ALL {
                for &action in A::ALL {
                    for papers in &sets {
                        let has = |paper: P| papers.contains(&paper);
                        let own = has(P::IdentityCard) || has(P::WorkCard) || has(P::Letter);
                        let through = match reader {
                            K::Compatriot => has(P::AffairsLetter),
                            K::Foreigner => has(P::AffairsLetter) && has(P::Application),
                            K::Unit | K::Justice => own || has(P::JusticeLetter),
                            _ => own,
                        };
                        let from_outside = matches!(reader, K::Compatriot | K::Foreigner);
                        let expected = match record {
                            S::Open => {
                                through && (reader != K::Staff || action != A::Copy || has(P::Approval))
                            }
                            S::Closed => {
                                has(P::Approval)
                                    && match reader {
                                        K::Compatriot | K::Foreigner => false,
                                        K::Unit | K::Justice => has(P::Letter) || has(P::JusticeLetter),
                                        K::Scholar => has(P::Letter),
                                        K::Citizen | K::Staff => own,
                                    }
                            }
                            S::Classified => {
                                !from_outside
                                    && reader != K::Citizen
                                    && has(P::PartyLetter)
                                    && has(P::MakerConsent)
                                    && (action == A::Read || (reader != K::Scholar && has(P::Approval)))
                            }
                            S::Marriage => {
                                let concerned = has(P::PartyConcerned) || has(P::NotarisedDeed);
                                match reader {
                                    K::Justice => has(P::JusticeLetter),
                                    K::Compatriot | K::Foreigner => through && concerned,
                                    _ => has(P::JusticeLetter) || (has(P::IdentityCard) && concerned),
                                }
                            }
                            S::Damaged => has(P::Approval),
                        };
                        let decided = decide(&room, reader, record, action, papers);
                        assert_eq!(decided, expected, "{reader} {record} {action} {papers:?}");
                        yes += u32::from(decided);
                    }
                }
            }
        }
        assert!(yes > 0);
    }

    #[test]
    fn one_more_paper_never_turns_a_yes_into_a_no() {
        let room = ReadingRoom::default();
        for papers in every_set().step_by(7) {
            for &reader in ReaderKind::ALL {
                for &record in RecordState::ALL {
                    if !decide(&room, reader, record, Action::Read, &papers) {
                        continue;
                    }
                    for &more in Paper::ALL {
                        let mut papers = papers.clone();
                        papers.insert(more);
                        assert!(decide(&room, reader, record, Action::Read, &papers));
                    }
                }
            }
        }
    }

    #[test]
    fn nobody_is_served_anything_without_any_paper() {
        let room = ReadingRoom::default();
        for &reader in ReaderKind::ALL {
            for &record in RecordState::ALL {
                for &action in Action::ALL {
                    assert!(!decide(&room, reader, record, action, &BTreeSet::new()));
                }
            }
        }
    }

    #[test]
    fn a_record_that_is_several_things_must_pass_for_each() {
        let room = ReadingRoom::default();
        let mut item = Item::new(ItemId(1), "1");
        item.title = "关于李某结婚登记的批复".into();
        item.opening = OpeningState::Open;
        assert_eq!(
            RecordState::of(&item, true),
            BTreeSet::from([RecordState::Marriage, RecordState::Damaged])
        );
        let asked = |papers: &[Paper]| Asked {
            reader: ReaderKind::Citizen,
            record: RecordState::of(&item, true),
            action: Action::Read,
            papers: papers.iter().copied().collect(),
        };
        let concerned = [Paper::IdentityCard, Paper::PartyConcerned];
        let refused = room.decide(&asked(&concerned)).refusal().unwrap();
        assert_eq!(refused.rule, RuleId::U10);
        let approved = [Paper::IdentityCard, Paper::PartyConcerned, Paper::Approval];
        assert!(room.decide(&asked(&approved)).is_yes());
        item.secrecy = Secrecy { level: SecrecyLevel::Secret, term: None };
        assert_eq!(
            RecordState::of(&item, false),
            BTreeSet::from([RecordState::Classified, RecordState::Marriage])
        );
    }

    #[test]
    fn a_refusal_names_the_line_that_spoke_and_what_is_lacking() {
        let room = ReadingRoom::default();
        let asked = Asked {
            reader: ReaderKind::Foreigner,
            record: BTreeSet::from([RecordState::Open]),
            action: Action::Read,
            papers: BTreeSet::from([Paper::Application]),
        };
        let refusal = room.decide(&asked).refusal().unwrap();
        assert_eq!(refusal.rule, RuleId::U4);
        assert!(refusal.message.zh.contains("侨台外办介绍信"), "{}", refusal.message.zh);
        let known = Asked {
            reader: ReaderKind::Citizen,
            record: BTreeSet::from([RecordState::Closed]),
            action: Action::Read,
            papers: BTreeSet::from([Paper::IdentityCard]),
        };
        let lacking = room.decide(&known).refusal().unwrap().message;
        assert!(lacking.zh.ends_with("还缺：负责人批准"), "{}", lacking.zh);
        let closed = Asked { record: BTreeSet::from([RecordState::Closed]), ..asked };
        assert!(room.decide(&closed).refusal().unwrap().message.zh.contains("不提供"));
    }
}
