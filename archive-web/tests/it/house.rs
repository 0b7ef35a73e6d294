//! A house to knock at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use archive_core::finding::Finding;
use archive_core::model::{
    Arrangement, Entry, Institution, Item, ItemId, OpeningState, Reason, RetentionPeriod, Secrecy,
    SecrecyLevel, Side, Volume, VolumeNumber,
};
use archive_core::opening::{Said, Verdict};
use archive_core::people::{Person, Role};
use archive_core::profile::Profile;
use archive_core::reading::{DateReading, ItemDate, RecordDate};
use archive_core::rules::RuleId;
use archive_core::storeroom::stocktake::{Comparison, Difference, Kind};
use archive_core::text::{Lang, Text};
use archive_index::search::{Index, PageText, Record, Stamp};
use archive_store::{FileSource, ImportBatch, ItemFile, ItemFilter, Repository, Settings};
use archive_web::{Backroom, Download, FormName, Site};
use axum::body::{Body, to_bytes};
use chrono::{DateTime, FixedOffset, NaiveDate};
use http::{Request, StatusCode};

pub(crate) const FONDS: &str = "J019";
pub(crate) const PASSWORD: &str = "一句记得住的话就好了";

/// A picture of one pixel.
const PIXEL: [u8; 67] = [
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 58,
    126, 155, 85, 0, 0, 0, 10, 73, 68, 65, 84, 120, 156, 99, 248, 15, 0, 1, 1, 1, 0, 177, 56, 246, 20, 0, 0,
    0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
];

/// What a record's state makes of it; `Absent` is a record that never was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    Open,
    Unreviewed,
    Controlled,
    Postponed,
    Secret,
    Absent,
}

impl State {
    pub(crate) const ALL: [Self; 6] =
        [Self::Open, Self::Unreviewed, Self::Controlled, Self::Postponed, Self::Secret, Self::Absent];

    /// A word that stands in the title of this record and nowhere else.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Open => "抗洪抢险",
            Self::Unreviewed => "青苗赔偿",
            Self::Controlled => "信访维稳",
            Self::Postponed => "粮库改制",
            Self::Secret => "战备疏散",
            Self::Absent => "从未有过",
        }
    }
}

pub(crate) fn now() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-03-02T09:00:00+08:00").unwrap()
}

/// A count that found nothing of a volume.
fn missing_volume() -> Comparison {
    let missing = Difference {
        code: "J019-1970·Y-001".into(),
        kind: Kind::Missing,
        expected: "1/A01".into(),
        found: String::new(),
        settled: None,
    };
    Comparison { expected: 1, found: 0, on_loan: 0, differences: vec![missing] }
}

/// What the command would do, done as a test needs it.
struct Rooms {
    root: PathBuf,
}

impl Backroom for Rooms {
    fn refresh_index(&self, _operator: &str, _items: &[ItemId]) -> Result<(), Text> {
        index(&Repository::open(&self.root).unwrap());
        Ok(())
    }

    fn withdraw(&self, items: &[ItemId]) -> Result<(), Text> {
        let index = Index::open(&self.root.join("index")).unwrap();
        let mut writer = index.writer().unwrap();
        for item in items {
            writer.remove(*item).unwrap();
        }
        writer.finish().unwrap();
        Ok(())
    }

    fn findings(&self) -> Result<Vec<Finding>, Text> {
        Ok(Vec::new())
    }

    fn forms(&self) -> Vec<FormName> {
        let title = Text::fixed("案卷目录", "list of volumes");
        vec![FormName { name: "volumes", title, is_label: false }]
    }

    fn print(&self, _: i32, _: &str, format: &str, _: Lang) -> Result<Vec<Download>, Text> {
        Ok(vec![Download { name: format!("案卷目录.{format}"), bytes: b"%PDF".to_vec() }])
    }

    fn print_list(&self, number: &str, format: &str) -> Result<Download, Text> {
        Ok(Download { name: format!("销毁清册 {number}.{format}"), bytes: b"%PDF".to_vec() })
    }

    fn destroy(&self, operator: &str, number: &str) -> Result<Text, Text> {
        let repository = Repository::open(&self.root).unwrap();
        let profile = Profile::built_in("futian-2006").unwrap();
        let mut change = repository.begin(operator, "disposal destroy", now()).unwrap();
        change.destroy(number, profile.appraisal).map_err(|error| error.message())?;
        change.commit().unwrap();
        index(&repository);
        Ok(Text::fixed("已销毁", "destroyed"))
    }
}

/// Makes the index anew.
pub(crate) fn index(repository: &Repository) {
    let index = Index::open_or_create(&repository.root().join("index")).unwrap();
    let mut writer = index.writer().unwrap();
    for item in repository.items(&ItemFilter::default()).unwrap() {
        let mut record = Record::new(item.id, format!("序号{}", item.row), item.title.clone());
        record.fonds = FONDS.into();
        record.year = Some(1970);
        record.bodies.clone_from(&item.bodies);
        record.opening = item.opening;
        record.secrecy = item.secrecy.level;
        record.pages =
            vec![PageText { page: 1, text: format!("正文：{}，请遵照执行。", item.title) }];
        let stamp = Stamp::of(&record);
        writer.put(&record, stamp).unwrap();
    }
    writer.finish().unwrap();
}

/// A repository, the house over it, and who works there.
pub(crate) struct House {
    _dir: tempfile::TempDir,
    pub(crate) root: PathBuf,
    pub(crate) site: Arc<Site>,
    pub(crate) items: BTreeMap<State, ItemId>,
    runtime: tokio::runtime::Runtime,
    sessions: Mutex<BTreeMap<Role, (String, String)>>,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

pub(crate) fn name_of(role: Role) -> &'static str {
    match role {
        Role::Archivist => "陈文书",
        Role::Reviewer => "李复审",
        Role::Director => "王主任",
        Role::Clerk => "赵阅览",
        Role::Auditor => "孙审计",
    }
}

pub(crate) fn item(row: u64, state: State) -> Item {
    let mut item = Item::new(ItemId(row), row.to_string());
    item.title = format!("关于{}工作的通知", state.word());
    item.bodies = vec![format!("县{}办公室", state.word())];
    item.date = ItemDate {
        original: "1970-05-16".into(),
        reading: DateReading::On(RecordDate::day(1970, 5, 16).unwrap()),
    };
    item.pages = Some(1);
    if state == State::Secret {
        item.secrecy = Secrecy { level: SecrecyLevel::Secret, term: None };
    }
    item
}

pub(crate) fn volume(volume_no: u32, items: &[ItemId], title: &str) -> Volume {
    Volume {
        year: 1970,
        side: Side::Government,
        period: RetentionPeriod::Permanent,
        section: None,
        title: title.into(),
        joined_by: Vec::new(),
        why: Vec::new(),
        entries: (1..)
            .zip(items)
            .map(|(item_no, &item)| Entry {
                item,
                title: String::new(),
                item_no: Some(item_no),
                pages: Some((item_no, item_no)),
                why: Vec::new(),
            })
            .collect(),
        number: Some(VolumeNumber {
            catalogue_no: "1970·Y".into(),
            volume_no,
            code: format!("{FONDS}-1970·Y-{volume_no:03}"),
        }),
    }
}

impl House {
    /// A record in each state, in two volumes: one with the open one among others, one all closed.
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("repository");
        let settings =
            Settings::new(Institution { name: "临溪县档案馆".into(), fonds: FONDS.into() }, "futian-2006");
        let profile = Profile::built_in("futian-2006").unwrap();
        let repository = Repository::create(&root, &settings, "王主任", now()).unwrap();
        let states = &State::ALL[..5];
        let scan = dir.path().join("1.png");
        std::fs::write(&scan, PIXEL).unwrap();
        let batch = ImportBatch {
            register_name: "register.xlsx".into(),
            register_digest: "r".into(),
            items: (1..).zip(states).map(|(row, state)| item(row, *state)).collect(),
            files: (1..=5)
                .map(|row| ItemFile {
                    item: ItemId(row),
                    name: format!("{row}/1.png"),
                    source: FileSource::Path(scan.clone()),
                    expected_sha256: None,
                })
                .collect(),
        };
        let mut change = repository.begin("王主任", "import", now()).unwrap();
        let ids = change.import(&batch, &|_| ()).unwrap().items;
        change.commit().unwrap();
        let items: BTreeMap<State, ItemId> = states.iter().copied().zip(ids.iter().copied()).collect();

        let change = repository.begin("王主任", "arrange", now()).unwrap();
        let volumes = vec![
            volume(1, &[ids[0], ids[1]], "抗洪抢险与青苗赔偿材料"),
            volume(2, &[ids[2], ids[3]], "信访维稳与粮库改制材料"),
        ];
        let kept_by_hand = Reason { rule: RuleId::S1, text: Text::fixed("涉密", "classified") };
        let left_out = vec![(ids[4], kept_by_hand)];
        let arrangement = Arrangement { volumes, left_out, ..Arrangement::default() };
        change.save_arrangements(FONDS, &BTreeMap::from([(1970, &arrangement)])).unwrap();
        change.commit().unwrap();

        // The director first: the register is then theirs to keep.
        for role in [Role::Director, Role::Archivist, Role::Reviewer, Role::Clerk, Role::Auditor] {
            let change = repository.begin("王主任", "people", now()).unwrap();
            change.add_person(&Person::new(name_of(role), [role], now().date_naive())).unwrap();
            change.commit().unwrap();
        }
        let say = |state: State, verdict: Verdict| {
            let next = NaiveDate::from_ymd_opt(2030, 1, 1).filter(|_| verdict != Verdict::Open);
            let said = Said { verdict, reason: "已到期".into(), next };
            let change = repository.begin("陈文书", "opening", now()).unwrap();
            change.give_opinion(items[&state], said.clone(), &profile).unwrap();
            change.commit().unwrap();
            let change = repository.begin("李复审", "opening", now()).unwrap();
            change.decide_opening(items[&state], said, &profile).unwrap();
            change.commit().unwrap();
        };
        say(State::Open, Verdict::Open);
        say(State::Controlled, Verdict::Close);
        say(State::Postponed, Verdict::Postpone);
        assert_eq!(repository.item(items[&State::Open]).unwrap().opening, OpeningState::Open);
        let change = repository.begin("陈文书", "registers", now()).unwrap();
        change.new_destruction_list(FONDS, "到期案卷", false).unwrap();
        change.add_room("1", "一号库房", now().date_naive()).unwrap();
        change.record_stocktake(now().date_naive(), true, "全部", &missing_volume()).unwrap();
        change.commit().unwrap();
        index(&repository);
        drop(repository);

        let site = Site::new(archive_web::Settings {
            root: root.clone(),
            profile,
            lang: Lang::Zh,
            backroom: Box::new(Rooms { root: root.clone() }),
            clock: Box::new(now),
            log: Box::new(|why| panic!("{why}")),
            behind_proxy: false,
            speaks_tls: false,
        })
        .unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        Self { _dir: dir, root, site, items, runtime, sessions: Mutex::default() }
    }

    pub(crate) fn ask(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(async {
            let response = archive_web::server::answer(&self.site, request).await;
            let status = response.status().as_u16();
            let headers = response
                .headers()
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
                .collect();
            let body = to_bytes(response.into_body(), 64 << 20).await.unwrap().to_vec();
            Answer { status, headers, body }
        })
    }

    /// Looks at a page, as a stranger or as somebody of a role.
    pub(crate) fn get(&self, role: Option<Role>, path: &str) -> Answer {
        let mut request = Request::get(path).header("host", "127.0.0.1");
        if let Some(role) = role {
            request = request.header("cookie", format!("session={}", self.session(role).0));
        }
        self.ask(request.body(Body::empty()).unwrap())
    }

    /// Sends a form, with the token of who sends it.
    pub(crate) fn post(&self, role: Option<Role>, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut request = Request::post(path)
            .header("host", "127.0.0.1")
            .header("content-type", "application/x-www-form-urlencoded");
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        if let Some(role) = role {
            let (cookie, token) = self.session(role);
            request = request.header("cookie", format!("session={cookie}"));
            form.append_pair("token", &token);
        }
        self.ask(request.body(Body::from(form.finish())).unwrap())
    }

    /// The session of somebody of a role: the director by the first code, the others by invitation.
    fn session(&self, role: Role) -> (String, String) {
        if let Some(known) = self.sessions.lock().unwrap().get(&role) {
            return known.clone();
        }
        let answer = if role == Role::Director {
            let code = self.site.first_code().expect("the first account is made once");
            self.sign_in("/first", role, &code)
        } else {
            let invited = [("name", name_of(role)), ("what", "code")];
            let answer = self.post(Some(Role::Director), "/staff/people", &invited);
            let code =
                answer.text().split("<code>").nth(1).unwrap().split("</code>").next().unwrap().to_owned();
            self.sign_in("/invited", role, &code)
        };
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let cookie = answer.header("set-cookie").unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        let cookie = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
        let request = Request::get("/staff")
            .header("host", "127.0.0.1")
            .header("cookie", format!("session={cookie}"))
            .body(Body::empty())
            .unwrap();
        let page = self.ask(request).text();
        let token =
            page.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        self.sessions.lock().unwrap().insert(role, (cookie.clone(), token.clone()));
        (cookie, token)
    }

    fn sign_in(&self, path: &str, role: Role, code: &str) -> Answer {
        let fields = [("code", code), ("name", name_of(role)), ("password", PASSWORD), ("again", PASSWORD)];
        self.post(None, path, &fields)
    }

    /// The address of the record in a state, below `/a/`.
    pub(crate) fn address(&self, state: State) -> String {
        match state {
            State::Open => "J019-1970·Y-001-001".into(),
            State::Unreviewed => "J019-1970·Y-001-002".into(),
            State::Controlled => "J019-1970·Y-002-001".into(),
            State::Postponed => "J019-1970·Y-002-002".into(),
            State::Secret => format!("n{}", self.items[&State::Secret].0),
            State::Absent => "J019-1970·Y-009-009".into(),
        }
    }

    /// The number of the record in a state.
    pub(crate) fn id(&self, state: State) -> u64 {
        self.items.get(&state).map_or(987_654, |id| id.0)
    }

    /// The words of the records that the public may not see.
    pub(crate) fn closed_words() -> BTreeSet<&'static str> {
        State::ALL[1..5].iter().map(|state| state.word()).collect()
    }
}

/// A part of a path, as an address writes it.
pub(crate) fn segment(written: &str) -> String {
    percent_encoding::utf8_percent_encode(written, percent_encoding::NON_ALPHANUMERIC).to_string()
}
