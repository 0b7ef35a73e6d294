//! The registers of the office, as far as rules judge by them: who reviewed, read, borrowed, copied, destroyed and counted.
//!
//! The store keeps these registers with everything a form prints; a check needs only the facts below. Each is
//! what one line of the paper register says and no more: an empty text or `None` is a cell left empty, which is what
//! many of the rules ask about. Volumes are called by their archival code (档号), as the registers do, and rooms,
//! readers and lists by the name or number on their form.
//!
//! Every fact reads from TOML under its field's name, so that a fixture of `fixtures/rules/` can hold any register:
//! `[[loans]]`, `[[climate]]` … A rule that needs one more fact adds a field here, and its fixture may say it.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::model::{ItemId, OpeningState, SecrecyLevel};
use crate::office_register::Books;

/// All registers of the office that rules judge by. A register that isn't kept is empty.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Registers {
    /// Opening reviews (开放审核; U1, U2), in the order they were made.
    pub reviews: Vec<ReviewFact>,
    /// Uses by readers (利用登记; U4 to U7, U9).
    pub uses: Vec<UseFact>,
    /// Loans of originals (借阅登记; U8, S4).
    pub loans: Vec<LoanFact>,
    /// Copies of classified papers (涉密复印登记; S3).
    pub secret_copies: Vec<SecretCopyFact>,
    /// People who left (离岗交接; S5).
    pub leavers: Vec<LeaverFact>,
    /// Destruction lists (销毁清册; D1 to D4).
    pub disposals: Vec<DisposalFact>,
    /// Clearings of what isn't archived (年底清理; D6).
    pub clearings: Vec<ClearingFact>,
    /// Rooms, and since when their climate is read (H1).
    pub rooms: Vec<RoomFact>,
    /// Readings of temperature and humidity (H1).
    pub climate: Vec<ClimateFact>,
    /// Where volumes stand (H2).
    pub places: Vec<PlaceFact>,
    /// Stocktakings (清点; H3).
    pub counts: Vec<CountFact>,
    /// Handovers to the archives (移交; X1).
    pub handovers: Vec<HandoverFact>,
    /// Volumes let through with faults (例外; X2).
    pub exceptions: Vec<ExceptionFact>,
    /// What was taken into the storeroom (入库; X3).
    pub accessions: Vec<AccessionFact>,
    /// The registers of incoming and outgoing papers (收文登记簿, 发文登记簿; A3, A4, A7). A fixture holds them as a table of
    /// their own.
    #[serde(skip)]
    pub books: Books,
}

impl Registers {
    /// No registers: what a check starts from that knows of none.
    pub const NONE: &'static Self = &Self {
        reviews: Vec::new(),
        uses: Vec::new(),
        loans: Vec::new(),
        secret_copies: Vec::new(),
        leavers: Vec::new(),
        disposals: Vec::new(),
        clearings: Vec::new(),
        rooms: Vec::new(),
        climate: Vec::new(),
        places: Vec::new(),
        counts: Vec::new(),
        handovers: Vec::new(),
        exceptions: Vec::new(),
        accessions: Vec::new(),
        books: Books::NONE,
    };
}

/// Defines a fact: a plain struct whose fields may all be left out of a fixture.
macro_rules! facts {
    ($($(#[$about:meta])* $name:ident { $($(#[$field_about:meta])* $field:ident: $kind:ty,)+ })+) => {
        $(
            $(#[$about])*
            #[derive(Debug, Clone, Default, PartialEq, Deserialize)]
            #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
            pub struct $name { $($(#[$field_about])* pub $field: $kind,)+ }
        )+
    };
}

facts! {
    /// One decision on the opening of an item.
    ReviewFact {
        /// The item.
        item: Option<ItemId>,
        /// What was decided.
        decision: OpeningState,
        /// Who gave the opinion.
        opinion_by: String,
        /// Who reviewed it: another person.
        reviewed_by: String,
        /// When.
        day: Option<NaiveDate>,
        /// Why it is opened early, or stays closed.
        reason: String,
        /// When it is looked at again (U2).
        next: Option<NaiveDate>,
    }

    /// One use by a reader.
    UseFact {
        /// The number of the form.
        no: String,
        /// The kind of reader, as the table of U4 calls it.
        reader_kind: String,
        /// The papers shown.
        papers: Vec<String>,
        /// What was served.
        items: Vec<ItemId>,
        /// Who approved it, where an approval is needed.
        approved_by: String,
        /// When.
        day: Option<NaiveDate>,
        /// How many pages were copied.
        copied_pages: u32,
        /// Whether the copies were checked, marked with their source and stamped (U7).
        copies_stamped: bool,
        /// What came of the use (U9).
        feedback: String,
    }

    /// One loan of an original.
    LoanFact {
        /// The number of the line.
        no: String,
        /// The volume lent, by its code.
        volume: String,
        /// Who has it.
        borrower: String,
        /// Who approved that it leaves the room.
        approved_by: String,
        /// The level of the most secret paper in it.
        level: SecrecyLevel,
        /// When it was lent.
        lent: Option<NaiveDate>,
        /// When it is due back, if another day was approved than the profile's.
        due: Option<NaiveDate>,
        /// When it came back.
        returned: Option<NaiveDate>,
        /// Sheets lent.
        sheets: Option<u32>,
        /// Sheets that came back.
        sheets_returned: Option<u32>,
        /// The damage noted on return.
        damage: String,
    }

    /// Copies made of one classified paper.
    SecretCopyFact {
        /// The number of the line.
        no: String,
        /// How many copies were made.
        made: u32,
        /// How many of them the register accounts for.
        accounted: u32,
        /// Who approved it.
        approved_by: String,
        /// When.
        day: Option<NaiveDate>,
    }

    /// Someone who left their post.
    LeaverFact {
        /// Who.
        name: String,
        /// When.
        day: Option<NaiveDate>,
        /// Whether what they kept was handed over by list.
        handed_over: bool,
    }

    /// One destruction list.
    DisposalFact {
        /// Its number.
        no: String,
        /// Its lines.
        lines: Vec<DisposalLine>,
        /// Who drew it up.
        drawn_up_by: String,
        /// Who approved it.
        approved_by: String,
        /// When.
        approved: Option<NaiveDate>,
        /// Whether a line changed after the approval.
        changed_since: bool,
        /// When it was carried out.
        destroyed: Option<NaiveDate>,
        /// Where.
        place: String,
        /// Who supervised and signed.
        supervisors: Vec<String>,
        /// Whether it goes by the secrecy office (D3).
        by_secrecy_office: bool,
    }

    /// A line of a destruction list.
    DisposalLine {
        /// What it names: a volume by its code.
        volume: String,
        /// The reason.
        reason: String,
        /// When its period ends; none for what is kept for good.
        due: Option<NaiveDate>,
        /// The level of the most secret paper in it.
        level: SecrecyLevel,
        /// Whether it is a duplicate volume (副卷).
        duplicate: bool,
        /// Whether the original in the archives was destroyed (D4).
        original_destroyed: bool,
    }

    /// A clearing of what isn't archived.
    ClearingFact {
        /// Of which year.
        year: i32,
        /// When.
        day: Option<NaiveDate>,
    }

    /// A room of the storeroom.
    RoomFact {
        /// Its name.
        name: String,
        /// The first day its climate is read.
        since: Option<NaiveDate>,
        /// The last, if it is out of use.
        until: Option<NaiveDate>,
    }

    /// A reading of a room's climate.
    ClimateFact {
        /// The room.
        room: String,
        /// The day.
        day: Option<NaiveDate>,
        /// Degrees C.
        temperature: Option<f64>,
        /// Relative humidity in per cent.
        humidity: Option<f64>,
    }

    /// Where a volume stands.
    PlaceFact {
        /// The volume, by its code.
        volume: String,
        /// Room, shelf and box; empty if nobody knows.
        place: String,
    }

    /// A stocktaking.
    CountFact {
        /// When.
        day: Option<NaiveDate>,
        /// Whether everything was counted (年终全查), or some (半年抽查).
        full: bool,
        /// Volumes expected.
        expected: u32,
        /// Volumes found.
        found: u32,
        /// How the difference was settled.
        settled: String,
    }

    /// A handover to the archives.
    HandoverFact {
        /// The year handed over.
        year: i32,
        /// Volumes on the list.
        listed: u32,
        /// Volumes counted by the receiver.
        counted: u32,
        /// Who signed for the sender.
        sent_by: String,
        /// Who signed for the receiver.
        received_by: String,
        /// When.
        day: Option<NaiveDate>,
    }

    /// A volume let through with faults.
    ExceptionFact {
        /// The volume, as findings call it.
        volume: String,
        /// Why.
        reason: String,
        /// Who approved it.
        approved_by: String,
    }

    /// What was taken into the storeroom.
    AccessionFact {
        /// Its number.
        no: String,
        /// When it was disinfected and dusted.
        disinfected: Option<NaiveDate>,
        /// When it entered the storeroom.
        shelved: Option<NaiveDate>,
    }
}
