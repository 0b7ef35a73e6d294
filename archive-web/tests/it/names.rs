//! Titles, volumes, bodies, texts and file names that are markup, scripts or worse: shown as what they are.

use archive_core::model::{Arrangement, ItemId};
use archive_core::opening::{Said, Verdict};
use archive_core::people::Role;
use archive_core::profile::Profile;
use archive_store::{FileSource, ImportBatch, ItemFile, Repository};
use archive_web::routes::{ROUTES, Verb};

use crate::house::{FONDS, House, State, index, item, now, segment, volume};

const ATTACK: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}${7*7}\u{202e}";
const FILE: &str = "扫描/\"><img src=x onerror=alert(1)>\r\nX-Evil: 1.txt";
const PLAIN_FILE: &str = "扫描/\"><img src=x onerror=alert(1)>;.txt";

/// Takes in a record that is an attack throughout, has it stand in a volume that is, and opens it.
fn attacked(house: &House) -> ItemId {
    let repository = Repository::open(&house.root).unwrap();
    let text = house.root.join("attack.txt");
    std::fs::write(&text, format!("攻击 {ATTACK}\u{c}第二页 {ATTACK}")).unwrap();
    let mut one = item(1, State::Open);
    one.title = format!("攻击{ATTACK}");
    one.bodies = vec![ATTACK.into()];
    one.row = format!("9{ATTACK}");
    let batch = |name: &str| ImportBatch {
        register_name: "attack.csv".into(),
        register_digest: name.into(),
        items: vec![one.clone()],
        files: vec![ItemFile {
            item: ItemId(1),
            name: name.into(),
            source: FileSource::Path(text.clone()),
            expected_sha256: None,
        }],
    };
    let mut change = repository.begin("王主任", "import", now()).unwrap();
    // A name with a line end in it may be refused; otherwise it is kept, and shown like any other.
    let taken = match change.import(&batch(FILE), &|_| ()) {
        Ok(taken) => taken,
        Err(_) => change.import(&batch(PLAIN_FILE), &|_| ()).unwrap(),
    };
    change.commit().unwrap();
    let id = taken.items[0];
    let mut years: Vec<Arrangement> = repository.arrangement(FONDS, 1970).unwrap().into_iter().collect();
    let mut attack = volume(3, &[id], ATTACK);
    attack.section = Some(ATTACK.into());
    attack.number = None;
    years[0].volumes.push(attack);
    let change = repository.begin("陈文书", "arrange", now()).unwrap();
    change.save_arrangement(FONDS, 1970, &years[0]).unwrap();
    change.commit().unwrap();
    let profile = Profile::built_in("futian-2006").unwrap();
    let said = Said { verdict: Verdict::Open, reason: ATTACK.into(), next: None };
    let change = repository.begin("陈文书", "opening", now()).unwrap();
    change.give_opinion(id, said.clone(), &profile).unwrap();
    change.commit().unwrap();
    let change = repository.begin("李复审", "opening", now()).unwrap();
    change.decide_opening(id, said, &profile).unwrap();
    change.commit().unwrap();
    index(&repository);
    id
}

#[test]
fn titles_and_file_names_with_scripts_are_text_on_every_page() {
    let house = House::new();
    let id = attacked(&house);
    // Without a number its address is where it stands, or its own.
    let found = house.get(None, &format!("/.json?q={}", segment("攻击"))).text();
    let found: serde_json::Value = serde_json::from_str(&found).unwrap();
    let address = segment(found["hits"][0]["address"].as_str().unwrap());
    let mut shown = 0;
    for route in ROUTES.iter().filter(|route| route.verb == Verb::Get && !route.path.starts_with("/assets")) {
        let path = route
            .path
            .replace("{*address}", &address)
            .replace("{page}", "1")
            .replace("{fonds}", FONDS)
            .replace("{year}", "1970")
            .replace("{form}", "volumes")
            .replace("{format}", "pdf")
            .replace("{number}", "2026-01")
            .replace("{room}", "1")
            .replace("{id}", &id.0.to_string());
        let attack = segment(ATTACK);
        for query in [
            String::new(),
            format!("?q={}", segment("攻击")),
            format!("?q={attack}&about={address}&severity={attack}"),
        ] {
            for role in [None, Some(Role::Director)] {
                let answer = house.get(role, &format!("{path}{query}"));
                assert!(answer.status < 500, "{path}{query}: {}", answer.status);
                assert_eq!(answer.header("x-evil"), None, "{path}{query}");
                let said = answer.text();
                if answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
                    assert!(
                        !said.contains("<script>alert") && !said.contains("<img src=x"),
                        "{path}{query}: {said}"
                    );
                    shown += said.matches("alert(1)").count();
                }
                // The twin is data, and said to be.
                let twin = house.get(role, &format!("{path}.json{query}"));
                assert!(twin.status < 500, "{path}.json{query}");
                assert!(
                    !twin.header("content-type").unwrap_or_default().starts_with("text/html"),
                    "{path}.json{query}"
                );
            }
        }
    }
    assert!(shown > 50, "it stands on the pages, as text: {shown}");
}
