//! The audit chain: who did what, when, to what, and proof that the list was not tampered with.
//!
//! Every change appends an entry in its own transaction. An entry's digest covers all it says and the
//! digest of the entry before, so an entry that is removed, changed, put in or moved breaks the chain at
//! that place; the repository keeps the chain's head apart, so entries cut off at its end show too. A
//! head that was printed or deposited elsewhere ([`AuditHead`]) shows a rollback of the whole.

use archive_core::text;
use archive_core::text::Text;
use chrono::{DateTime, FixedOffset};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::Result;
use crate::ocfl::digest::sha256;
use crate::repository::Repository;
use crate::seal;

/// Writes the acts down once: what it is, its stable name, the word for people in both languages.
macro_rules! acts {
    ($($(#[$doc:meta])+ $act:ident $name:literal $zh:literal $en:literal;)+) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Act { $($(#[$doc])+ $act),+ }

        impl Act {
            const ALL: &'static [Self] = &[$(Self::$act),+];

            /// The stable name, as the database and JSON write it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$act => $name),+ }
            }

            /// The word for people.
            pub const fn word(self) -> Text {
                match self { $(Self::$act => Text::fixed($zh, $en)),+ }
            }
        }
    };
}

acts! {
    /// The repository was made.
    Create "create" "建库" "repository made";
    /// A register and its files were taken in.
    Import "import" "导入" "register imported";
    /// Files were added to items.
    AddFiles "add-files" "补入文件" "files added";
    /// An item's description was changed.
    Describe "describe" "修改著录" "description changed";
    /// An arrangement was saved.
    Arrange "arrange" "整理" "arrangement saved";
    /// A person's decisions on an arrangement were saved.
    Decide "decide" "审定" "decisions saved";
    /// A person let something through that a rule speaks against, and said why (X2).
    LetThrough "let-through" "放行" "let through";
    /// A package was sent.
    Send "transfer-send" "移交" "package sent";
    /// The receipt of a package came back.
    Receipt "transfer-receipt" "登记回执" "receipt filed";
    /// A package that was sent came back with its faults.
    SentBack "transfer-sent-back" "被退回" "package sent back";
    /// A package was taken in.
    Receive "transfer-receive" "接收" "package received";
    /// What reading the files told (format, pages, marks of secrecy) was kept.
    Learn "learn" "识别文件" "files looked at";
    /// The repository was made out of a backup or an export.
    Restore "restore" "恢复" "restored from a copy";
    /// Damaged files were put back.
    Repair "repair" "修复" "damaged files put back";
    /// A person was put on the register of people.
    PersonAdded "person-add" "登记人员" "person registered";
    /// A person's roles were changed.
    PersonRoles "person-roles" "调整角色" "roles changed";
    /// A person left.
    PersonLeft "person-leave" "人员离岗" "person left";
    /// An opinion on the opening of an item was given.
    OpeningOpinion "opening-opinion" "开放初审" "opinion on opening";
    /// The opening of an item was decided.
    OpeningDecision "opening-decision" "开放复审" "decision on opening";
    /// A volume was lent.
    Lend "loan-lend" "借出" "volume lent";
    /// A loan was extended.
    ExtendLoan "loan-extend" "续借" "loan extended";
    /// A volume came back.
    TakeBack "loan-return" "归还" "volume returned";
    /// Somebody was cleared on leaving.
    ClearLeaver "loan-clear" "离岗清借" "leaver cleared";
    /// A reader was registered.
    ReaderAdded "reader-add" "利用者登记" "reader registered";
    /// A use of records was registered.
    Use "use" "利用登记" "use registered";
    /// An excerpt or a copy was made.
    SlipMade "use-slip" "摘抄复制" "excerpt or copy made";
    /// A fee was paid.
    FeePaid "use-fee" "收费" "fee paid";
    /// A reader told what came of a use.
    FeedbackGiven "use-feedback" "利用效果" "feedback given";
    /// An item was noted as damaged, or as mended.
    DamageNoted "use-damage" "破损登记" "damage noted";
    /// Appraisal decided that something is kept longer, or for good.
    Appraised "appraise" "鉴定" "appraised";
    /// The destruction of something was put off.
    HoldPlaced "hold-place" "暂停处置" "put on hold";
    /// A hold was lifted.
    HoldLifted "hold-lift" "解除暂停" "hold lifted";
    /// A destruction list was begun.
    ListDrawnUp "destruction-list" "编制销毁清册" "destruction list drawn up";
    /// Lines were put on a destruction list, or taken off.
    ListChanged "destruction-list-change" "改动销毁清册" "destruction list changed";
    /// A destruction list was approved.
    ListApproved "destruction-approve" "批准销毁" "destruction approved";
    /// Supervisors, place and time of a destruction were named.
    ListSupervised "destruction-supervise" "指定监销" "supervision of a destruction";
    /// A list of secret papers went to the secrecy office.
    ListHandedOver "destruction-handover" "送交保密部门" "handed to the secrecy office";
    /// A destruction list was carried out.
    Destroyed "destroy" "销毁" "destroyed";
    /// A room, shelf or box was added to the storeroom.
    StoreroomBuilt "storeroom-add" "库房设置" "storeroom changed";
    /// A volume or box was given a place, or another one.
    Moved "storeroom-move" "上架移架" "shelved or moved";
    /// Readings of temperature and humidity were entered.
    ClimateRead "storeroom-readings" "温湿度登记" "readings entered";
    /// Records were disinfected.
    Disinfected "storeroom-disinfect" "消毒除尘" "disinfected";
    /// The storeroom was counted, or a difference settled.
    Counted "storeroom-count" "清点" "counted";
    /// A line was added to the history of an institution.
    FondsHistory "fonds-history" "全宗沿革" "history of the fonds";
    /// A material was filed in the fonds file.
    FondsFile "fonds-file" "全宗卷归档" "filed in the fonds file";
    /// A register of incoming or outgoing papers was taken in.
    Book "book-import" "导入收发文登记簿" "book of papers imported";
    /// What became of a registered paper was written down.
    Settle "book-settle" "登记去向" "what became of a paper recorded";
    /// A person said whether a registered paper and an item are one.
    Match "book-match" "核对收发文" "registered paper compared";
    /// The day a superior called a year's papers in was written down.
    Clearing "book-clearing" "登记清退" "clearing recorded";
    /// A reader asked for something from the reading room's pages.
    RequestMade "request-made" "读者申请" "request of a reader";
    /// A request of a reader was answered.
    RequestAnswered "request-answered" "答复申请" "request answered";
}

impl Act {
    /// The act with this stable name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|act| act.name() == name)
    }

    /// An entry in the making: the act, what it was done to, and its circumstances.
    pub(crate) fn about(self, subject: &str, detail: Value) -> Deed {
        Deed { act: self, subject: subject.to_owned(), detail, before: None, after: None }
    }
}

/// An entry in the making.
#[derive(Debug, Clone)]
pub(crate) struct Deed {
    act: Act,
    subject: String,
    detail: Value,
    before: Option<String>,
    after: Option<String>,
}

impl Deed {
    /// With the digests (sha256) of what was there before and of what is there now.
    pub(crate) fn with_digests(mut self, before: Option<String>, after: Option<String>) -> Self {
        self.before = before;
        self.after = after;
        self
    }
}

/// Who acts, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp<'a> {
    pub(crate) who: &'a str,
    pub(crate) now: DateTime<FixedOffset>,
}

/// An entry of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its place in the chain, from 1, without gaps.
    pub seq: u64,
    /// When (RFC 3339, local time with its offset).
    pub time: String,
    /// Who.
    pub who: String,
    /// What was done: the name of an [`Act`].
    pub act: String,
    /// To what: a fonds, a register, an item, a package.
    pub subject: String,
    /// The circumstances, as JSON text.
    pub detail: String,
    /// The sha256 of the document before, where one was replaced.
    pub before: Option<String>,
    /// The sha256 of the document after.
    pub after: Option<String>,
    /// The digest of all that the tables held once the change was made, on its last entry.
    pub state: Option<String>,
    /// The digest of the entry before; empty for the first.
    pub prev: String,
    /// This entry's digest.
    pub digest: String,
}

impl AuditEntry {
    /// The digest its contents ask for: sha256 of a JSON array of everything else, in order.
    fn expected_digest(&self) -> Result<String> {
        let Self { seq, time, who, act, subject, detail, before, after, state, prev, digest: _ } = self;
        let contents =
            serde_json::to_string(&(seq, time, who, act, subject, detail, before, after, state, prev));
        let contents = contents.map_err(|error| crate::StoreError::Inconsistent {
            reason: text!("无法写成 JSON：{error}", "this can't be written as JSON: {error}"),
        })?;
        Ok(sha256(contents.as_bytes()))
    }
}

/// The end of the chain: printed, signed or deposited elsewhere, it proves later that nothing was rolled back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHead {
    /// The last entry's place.
    pub seq: u64,
    /// Its digest.
    pub digest: String,
}

/// A place where the chain doesn't hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditProblem {
    /// The entry, or the place where one is missing.
    pub seq: u64,
    /// What is wrong.
    pub message: Text,
}

/// Appends an entry to the chain, in the transaction at hand; `state` if it is the last of its change.
pub(crate) fn append(
    connection: &Connection,
    stamp: &Stamp<'_>,
    deed: &Deed,
    state: Option<String>,
) -> Result<()> {
    let head = head(connection)?;
    let mut entry = AuditEntry {
        seq: head.seq + 1,
        time: stamp.now.to_rfc3339(),
        who: stamp.who.to_owned(),
        act: deed.act.name().to_owned(),
        subject: deed.subject.clone(),
        detail: deed.detail.to_string(),
        before: deed.before.clone(),
        after: deed.after.clone(),
        state,
        prev: head.digest,
        digest: String::new(),
    };
    entry.digest = entry.expected_digest()?;
    connection
        .prepare_cached("INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?
        .execute((
            entry.seq,
            &entry.time,
            &entry.who,
            &entry.act,
            &entry.subject,
            &entry.detail,
            &entry.before,
            &entry.after,
            &entry.state,
            &entry.prev,
            &entry.digest,
        ))?;
    connection
        .prepare_cached("UPDATE repository SET audit_seq = ?1, audit_digest = ?2")?
        .execute((entry.seq, &entry.digest))?;
    Ok(())
}

/// The end of the chain, in the transaction at hand.
pub(crate) fn head(connection: &Connection) -> Result<AuditHead> {
    Ok(connection.query_row("SELECT audit_seq, audit_digest FROM repository", [], |row| {
        Ok(AuditHead { seq: row.get(0)?, digest: row.get(1)? })
    })?)
}

impl Repository {
    /// The entries from `first` to `last`, both included, in order.
    pub fn audit_log(&self, first: u64, last: u64) -> Result<Vec<AuditEntry>> {
        let mut entries = Vec::new();
        self.each_audit_entry(first, last, |entry| {
            entries.push(entry);
            Ok(())
        })?;
        Ok(entries)
    }

    /// The end of the chain.
    pub fn audit_head(&self) -> Result<AuditHead> {
        head(&self.connection)
    }

    /// Every place where the chain doesn't hold; `deposited` is a head kept elsewhere, if there is one.
    pub fn verify_audit(&self, deposited: Option<&AuditHead>) -> Result<Vec<AuditProblem>> {
        let mut problems = Vec::new();
        let mut last = AuditHead { seq: 0, digest: String::new() };
        let mut met = deposited.is_none();
        let mut state = None;
        self.each_audit_entry(0, u64::MAX, |entry| {
            let seq = entry.seq;
            let mut report = |message| problems.push(AuditProblem { seq, message });
            if seq != last.seq + 1 {
                let first = last.seq + 1;
                let missing = seq - 1;
                report(text!("第 {first} 至 {missing} 条缺失", "entries {first} to {missing} are missing"));
            } else if entry.prev != last.digest {
                report(text!(
                    "第 {seq} 条与前一条不相接：有条目被改动、插入或调换",
                    "entry {seq} doesn't follow from the one before: an entry was changed, put in or moved"
                ));
            }
            if entry.expected_digest()? != entry.digest {
                report(text!("第 {seq} 条的内容被改动", "entry {seq} was changed"));
            }
            if deposited.is_some_and(|deposited| deposited.seq == seq) {
                met = true;
                if deposited.is_some_and(|deposited| deposited.digest != entry.digest) {
                    report(text!(
                        "第 {seq} 条与存放在外的链首不符",
                        "entry {seq} is not the one whose digest was deposited"
                    ));
                }
            }
            state = entry.state.or(state.take());
            last = AuditHead { seq, digest: entry.digest };
            Ok(())
        })?;
        let head = self.audit_head()?;
        if head != last {
            // The first place where the two differ: cut off there, or put in there.
            let (seq, end) = (last.seq.min(head.seq) + 1, head.seq);
            problems.push(AuditProblem {
                seq,
                message: text!(
                    "链尾与记录不符：应止于第 {end} 条",
                    "the chain doesn't end where it was recorded to end, at entry {end}"
                ),
            });
        }
        if let Some(deposited) = deposited.filter(|_| !met) {
            let seq = deposited.seq;
            problems.push(AuditProblem {
                seq,
                message: text!(
                    "存放在外的第 {seq} 条已不在链中：档案库曾被退回旧状态",
                    "entry {seq}, whose digest was deposited, is gone: the repository was rolled back"
                ),
            });
        }
        for message in seal::differences(&self.connection, state.as_deref())? {
            problems.push(AuditProblem { seq: last.seq, message });
        }
        Ok(problems)
    }

    fn each_audit_entry(
        &self,
        first: u64,
        last: u64,
        mut each: impl FnMut(AuditEntry) -> Result<()>,
    ) -> Result<()> {
        let bound = |seq: u64| i64::try_from(seq).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare_cached(
            "SELECT seq, time, who, act, subject, detail, before, after, state, prev, digest
             FROM audit WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq",
        )?;
        let mut rows = statement.query((bound(first), bound(last)))?;
        while let Some(row) = rows.next()? {
            each(AuditEntry {
                seq: row.get(0)?,
                time: row.get(1)?,
                who: row.get(2)?,
                act: row.get(3)?,
                subject: row.get(4)?,
                detail: row.get(5)?,
                before: row.get(6)?,
                after: row.get(7)?,
                state: row.get(8)?,
                prev: row.get(9)?,
                digest: row.get(10)?,
            })?;
        }
        Ok(())
    }
}
