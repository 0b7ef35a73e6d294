//! Two people at once: of two who send the same form, the second is told, keeps what they wrote, and has changed nothing.

use archive_core::people::Role;
use archive_store::Repository;

use crate::house::{House, State, segment};

/// The version a page sends along with the form that does this; the first of the page if it stands only once.
fn version(page: &str, button: &str) -> String {
    let forms: Vec<&str> = page.split("<form").collect();
    let of = |form: &&&str| form.contains(button) && form.contains("name=\"version\"");
    let form = forms.iter().find(of).unwrap_or_else(|| panic!("no form does {button}: {page}"));
    form.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// How many acts there are.
fn acts(house: &House) -> u64 {
    Repository::open(&house.root).unwrap().audit_head().unwrap().seq
}

/// A form that changes something: the page it stands on, where it is sent, the button, and what is filled in.
struct Form<'a>(Role, &'a str, &'a str, &'a str, Vec<(&'a str, &'a str)>);

#[test]
fn of_two_who_send_the_same_form_the_second_is_told_and_nothing_is_overwritten() {
    let house = House::new();
    let volume = "J019-1970·Y-002";
    let lend = [
        ("version", "new"),
        ("what", "lend"),
        ("volume", volume),
        ("borrower", "周七"),
        ("purpose", "核查"),
        ("sheets", "3"),
        ("approved_by", "王主任"),
    ];
    assert_eq!(house.post(Some(Role::Clerk), "/staff/loans", &lend).status, 303);
    let request = [("about", ""), ("kind", "comment"), ("text", "很好")];
    assert_eq!(house.post(None, "/request", &request).status, 200);
    let record = r#"{"volume":{"fonds":"J019","code":"J019-1970·Y-001"}}"#;
    let review = format!("/staff/opening/{}", house.id(State::Unreviewed));
    let forms = [
        Form(
            Role::Archivist,
            "/staff/periods",
            "/staff/periods",
            "by",
            vec![("what", "permanent"), ("record", record), ("reason", "有长远价值")],
        ),
        Form(
            Role::Archivist,
            "/staff/disposal/2026-01",
            "/staff/disposal/2026-01",
            "add",
            vec![("what", "add"), ("loose", "重份文件 20 份"), ("reason", "重份")],
        ),
        Form(
            Role::Clerk,
            "/staff/storeroom",
            "/staff/storeroom",
            "value=\"room\"",
            vec![("what", "room"), ("code", "2"), ("name", "二号库房")],
        ),
        Form(
            Role::Clerk,
            "/staff/storeroom/1",
            "/staff/storeroom/1",
            "value=\"shelf\"",
            vec![("what", "shelf"), ("code", "A01"), ("levels", "5")],
        ),
        Form(
            Role::Clerk,
            "/staff/stocktake/2026-01",
            "/staff/stocktake/2026-01",
            "value=\"settle\"",
            vec![("what", "settle"), ("code", "J019-1970·Y-001"), ("note", "借出未登记，已补")],
        ),
        Form(
            Role::Clerk,
            "/staff/loans",
            "/staff/loans",
            "value=\"return\"",
            vec![("what", "return"), ("no", "2026-0001"), ("sheets", "3")],
        ),
        Form(
            Role::Clerk,
            "/staff/requests",
            "/staff/requests",
            "value=\"yes\"",
            vec![("no", "2026-0001"), ("text", "谢谢"), ("granted", "yes")],
        ),
        Form(
            Role::Archivist,
            &review,
            &review,
            "value=\"opinion\"",
            vec![("verdict", "open"), ("reason", "已到期"), ("step", "opinion")],
        ),
        Form(
            Role::Director,
            "/staff/people",
            "/staff/people",
            "value=\"赵阅览\"",
            vec![
                ("what", "roles"),
                ("name", "赵阅览"),
                ("role", "clerk"),
                ("role", "archivist"),
                ("reason", "兼任"),
            ],
        ),
        Form(Role::Archivist, "/staff/board", "/staff/board/again", "arrange", vec![("what", "arrange")]),
    ];
    for Form(role, at, to, button, fields) in forms {
        let page = house.get(Some(role), at).text();
        let version = if at == "/staff/periods" {
            // Nothing is due here; the version stands in the document for programs in any case.
            let document: serde_json::Value =
                serde_json::from_str(&house.get(Some(role), "/staff/periods.json").text()).unwrap();
            document["version"].as_str().unwrap().to_owned()
        } else {
            version(&page, button)
        };
        let mut sent = vec![("version", version.as_str())];
        sent.extend(fields);
        let first = house.post(Some(role), to, &sent);
        assert_eq!(first.status, 303, "{to} {button}: {}", first.text());
        let before = acts(&house);
        let second = house.post(Some(role), to, &sent);
        assert_eq!(second.status, 409, "{to} {button}: {}", second.text());
        assert_eq!(acts(&house), before, "{to} {button}");
        for (name, value) in sent.iter().filter(|(name, _)| matches!(*name, "reason" | "text" | "note")) {
            assert!(second.text().contains(value), "{to}: what was written as {name} is lost");
        }
        let without: Vec<_> = sent.iter().copied().filter(|(name, _)| *name != "version").collect();
        assert_eq!(house.post(Some(role), to, &without).status, 409, "{to}: a form without a version");
    }
    assert!(Repository::open(&house.root).unwrap().verify_audit(None).unwrap().is_empty());
}

#[test]
fn what_one_saves_on_the_board_isn_t_overwritten_by_another() {
    let house = House::new();
    let page = house.get(Some(Role::Archivist), "/staff/board").text();
    let version = page.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let sent = [("version", version), ("year", "1970"), ("reason", "试")];
    // Somebody describes a record anew by the command meanwhile.
    let repository = Repository::open(&house.root).unwrap();
    let mut item = repository.item(house.items[&State::Open]).unwrap();
    item.pages = Some(9);
    let now = chrono::DateTime::parse_from_rfc3339("2026-03-02T10:00:00+08:00").unwrap();
    let change = repository.begin("陈文书", "describe", now).unwrap();
    change.describe(&item).unwrap();
    change.commit().unwrap();
    assert_eq!(house.post(Some(Role::Archivist), "/staff/board", &sent).status, 409);
}

#[test]
fn a_list_is_drawn_up_approved_supervised_and_carried_out_by_different_people() {
    let house = House::new();
    let path = "/staff/disposal/2026-01";
    let volume = "J019-1970·Y-002";
    let act = |role: Role, fields: &[(&str, &str)]| {
        let document: serde_json::Value =
            serde_json::from_str(&house.get(Some(role), &format!("{path}.json")).text()).unwrap();
        let (version, digest) = (document["version"].as_str().unwrap(), document["digest"].as_str().unwrap());
        let mut sent = vec![("version", version), ("digest", digest)];
        sent.extend(fields);
        house.post(Some(role), path, &sent)
    };
    let added = act(Role::Archivist, &[("what", "add"), ("codes", volume), ("reason", "鉴定：无保存价值")]);
    // It is kept for good: that its period isn't over is for the rules to say, not for the page.
    if added.status == 303 {
        let page = house.get(Some(Role::Archivist), path).text();
        assert!(page.contains(volume), "{page}");
    } else {
        assert_eq!(added.status, 422, "{}", added.text());
        assert_eq!(
            act(Role::Archivist, &[("what", "add"), ("loose", "重份文件 20 份"), ("reason", "重份")]).status,
            303
        );
    }
    assert_eq!(act(Role::Archivist, &[("what", "approve")]).status, 422, "an archivist doesn't approve");
    assert_eq!(act(Role::Director, &[("what", "approve")]).status, 303);
    let one =
        [("what", "supervise"), ("supervisors", "李复审"), ("time", "2026-03-03 14:00"), ("where", "造纸厂")];
    assert_eq!(act(Role::Archivist, &one).status, 422, "one supervisor is none");
    let two = [
        ("what", "supervise"),
        ("supervisors", "李复审、赵阅览"),
        ("time", "2026-03-03 14:00"),
        ("where", "造纸厂"),
    ];
    let done = act(Role::Archivist, &two);
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!(act(Role::Archivist, &[("what", "destroy"), ("confirm", "是")]).status, 422, "which one?");
    let done = act(Role::Archivist, &[("what", "destroy"), ("confirm", "2026-01")]);
    assert_eq!(done.status, 303, "{}", done.text());
    let page = house.get(Some(Role::Archivist), path).text();
    assert!(page.contains("已销毁"), "{page}");
    let printed = house.get(Some(Role::Archivist), &format!("{path}/pdf"));
    assert_eq!((printed.status, printed.header("content-type")), (200, Some("application/pdf")));
}

#[test]
fn a_year_of_air_is_entered_and_drawn() {
    let house = House::new();
    let enter = |day: &str, temperature: &str| {
        let fields = [
            ("version", "new"),
            ("what", "reading"),
            ("on", day),
            ("temperature", temperature),
            ("humidity", "52"),
        ];
        house.post(Some(Role::Clerk), "/staff/storeroom/1", &fields).status
    };
    assert_eq!(enter("2026-03-01", "19.5"), 303);
    assert_eq!(enter("2026-03-02", "27"), 303);
    assert_eq!(enter("2026-03-03", "20"), 422, "the day lies ahead");
    assert_eq!(enter("2026-03-02", "很热"), 422);
    let page = house.get(Some(Role::Auditor), "/staff/storeroom/1").text();
    assert!(page.contains("class=\"mean\"") && page.contains("<circle"), "{page}");
    let document: serde_json::Value =
        serde_json::from_str(&house.get(Some(Role::Auditor), "/staff/storeroom/1.json").text()).unwrap();
    assert_eq!(document["days_outside"], 1, "{document}");
}

#[test]
fn of_many_guesses_sent_at_once_no_more_are_tried_than_one_after_another() {
    let house = House::new();
    house.get(Some(Role::Director), "/staff");
    let guess = |number: usize| {
        let password = format!("猜一个密码第{number:02}次");
        house.post(None, "/sign-in", &[("name", "王主任"), ("password", &password)]).status
    };
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..32).map(|number| scope.spawn(move || guess(number))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|status| **status == 422).count(), 5, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 429).count(), 27, "{answers:?}");
}

#[test]
fn many_readers_behind_one_address_are_many_readers() {
    let house = House::new();
    house.get(Some(Role::Director), "/staff");
    // An office of two hundred signs in of a morning: who is who they say counts against nobody.
    for _ in 0..4 {
        for _ in 0..10 {
            let fields = [("name", "王主任"), ("password", crate::house::PASSWORD)];
            assert_eq!(house.post(None, "/sign-in", &fields).status, 303);
        }
    }
    for number in 0..60 {
        let (name, contact) = (format!("读者{number}"), format!("138000000{number:02}"));
        let address = house.address(State::Open);
        let fields = [
            ("about", address.as_str()),
            ("kind", "see"),
            ("name", &name),
            ("contact", &contact),
            ("text", "查阅"),
        ];
        assert_eq!(house.post(None, "/request", &fields).status, 200, "{number}");
    }
    for _ in 0..300 {
        assert_eq!(house.get(None, &format!("/?q={}", segment("工作"))).status, 200);
    }
}
