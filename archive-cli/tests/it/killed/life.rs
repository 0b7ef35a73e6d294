//! The life of an office with nine records, from its first day to the destruction of what is due: every command that
//! writes, once at least, in an order in which each has something to do. And the commands that only read, by name, so that
//! a new one belongs to neither until somebody has thought about it.

use std::fs;

use crate::desk::{Desk, tree};

/// Who works (`-` for the one of all tests), on which day, and what is typed; `_` is a blank within a word. `digest-of:N` stands
/// for the digest of destruction list N.
const LIFE: &str = "\
- - init repository --institution 临溪县人民政府办公室 --fonds J019
- - import register.csv --scans scans
- - import late.csv
- - arrange
- - number
- - backup 备份
- - index
- - search 防汛 --save 防汛
- - search --forget 防汛
- - search 防汛 --out hits.xlsx
- - people add 王主任 --role director
王主任 - people add 陈文书 --role archivist
王主任 - people add 李审核 --role reviewer
王主任 - people add 赵阅览 --role auditor
王主任 - people role 赵阅览 --add clerk
王主任 - people add 路人 --role clerk
王主任 - people leave 路人
- - catalogue --what volumes --format csv --out catalogues --own-font
- - registers import 收文.csv --kind in
- - registers confirm 收2004-1 2
- - registers refuse 收2004-1
- - registers settle 收2004-2 --reason 销毁（重复件）
- - registers clearing --year 2004 --on 2005-03-15
- - registers report --out registers --format csv
- - transfer key new
- - transfer build --year 2004 --out packages --archives 临溪县档案馆
- - transfer sign packages/J019-2004
- - transfer build --year 2004 --out zipped --archives 临溪县档案馆 --zip
- - init bureau --institution 临溪县档案馆 --fonds G001
- - transfer key trust repository/keys/trusted/临溪县人民政府办公室.pem --name 临溪县人民政府办公室 -R bureau
- - transfer receive packages/J019-2004 -R bureau
- - transfer receipt packages/J019-2004
- - transfer verify packages/J019-2004 --report 检测.html
- - check --format csv --out 问题.csv
陈文书 2035-06-01 opening review J019-2004-001-001 --opinion open --reason 已到期
李审核 2035-06-01 opening open J019-2004-001-001
李审核 2035-06-01 opening publish --out open --format csv
李审核 2035-06-01 opening close J019-2004-001-001 --reason 涉及个人
陈文书 2035-06-01 opening review J019-2004-001-002 --opinion postpone --reason 涉及个人 --until 2040-01-01
李审核 2035-06-01 opening postpone J019-2004-001-002 --reason 涉及个人 --until 2040-01-01
陈文书 2035-06-01 loan lend J019-2004-001 --to 张三 --unit 水利局 --sheets 3 --approved-by 王主任
陈文书 2035-06-10 loan extend J019-2004-001 --approved-by 王主任 --reason 续用
陈文书 2035-06-30 loan recall --out letters --own-font
赵阅览 2035-06-30 loan return J019-2004-001 --sheets 3
陈文书 2035-06-30 loan clear 张三
赵阅览 2035-06-30 use reader 孙六 --kind citizen --paper identity-card=440106198001010016
赵阅览 2035-06-30 use register J019-2004-001-001 --reader 2035-0001 --purpose 修志 --action copy --approved-by 王主任
赵阅览 2035-06-30 use copy 2035-0001 J019-2004-001-001 --pages 1 --copies 2 --checked-by 陈文书 --out slips --own-font
赵阅览 2035-06-30 use excerpt 2035-0001 J019-2004-001-001 --pages 1 --text 防汛 --checked-by 陈文书 --approved-by 王主任 --out slips --own-font
赵阅览 2035-06-30 use fee 2035-0001 --paid 1.00
赵阅览 2035-06-30 use feedback 2035-0001 查清了水库的兴建年份
赵阅览 2035-06-30 use form 2035-0001 --out forms --own-font
赵阅览 2035-06-30 use damage J019-2004-001-002 --note 缺角
陈文书 2035-06-30 storeroom room add 1 --name 一号库 --since 2035-01-01
陈文书 2035-06-30 storeroom shelf add 1/A01 1/A02 --levels 6
陈文书 2035-06-30 storeroom box add B001 --at 1/A01/2
陈文书 2035-06-30 storeroom disinfect J019-2004-001 --method 冷冻
陈文书 2035-06-30 storeroom place J019-2004-001 --in B001
陈文书 2035-06-30 storeroom move --box B001 --to 1/A02/3 --reason 维修
陈文书 2035-07-10 storeroom reading add --room 1 -t 20 -H 50
陈文书 2035-07-10 storeroom reading import logger.csv --room 1
陈文书 2035-07-10 storeroom chart --year 2035 --out charts --own-font
陈文书 2035-07-10 storeroom stocktake count scanned.txt
陈文书 2035-07-10 storeroom stocktake settle 2035-01 J019-2004-009 --note 查明并更正
陈文书 2035-07-10 storeroom stocktake close 2035-01
陈文书 2035-07-10 storeroom stocktake print 2035-01 --out forms --own-font
陈文书 2035-07-10 storeroom guide --out forms --own-font
陈文书 2035-07-10 storeroom plan --out forms --own-font
陈文书 2035-07-10 fonds card --out forms --own-font
陈文书 2035-07-10 fonds history add --since 1949年10月 --name 临溪县人民政府办公室
陈文书 2035-07-10 fonds file add --class 考证 --title 机构沿革考
陈文书 2035-07-10 fonds file print --out forms --own-font
陈文书 2035-07-10 report year --year 2004 --out forms --own-font
王主任 2060-03-01 disposal hold add J019-2004-003 --reason 诉讼未结
王主任 2060-03-01 disposal hold lift 1 --reason 结案
陈文书 2060-03-01 disposal extend J019-2004-002 --years 60 --reason 仍有查考价值
陈文书 2060-03-01 disposal permanent J019-2004-002 --reason 反映机构沿革
陈文书 2060-03-01 disposal list new --title 到期案卷
陈文书 2060-03-01 disposal list add 2060-01 J019-2004-003 J019-2004-004 --reason 到期 --original 馆销2060-01
陈文书 2060-03-01 disposal list remove 2060-01 1
陈文书 2060-03-01 disposal list print 2060-01 --out forms --own-font
王主任 2060-03-01 disposal approve 2060-01 --digest digest-of:2060-01
陈文书 2060-03-01 disposal supervise 2060-01 --supervisor 李审核 --supervisor 赵阅览 --place 造纸厂 --time 2060-03-01_14:00
陈文书 2060-03-01 disposal destroy 2060-01
陈文书 2060-03-01 disposal list new --title 密件 --secret
陈文书 2060-03-01 disposal list add 2060-02 J019-2004-003 --reason 到期 --original 馆销2060-02
王主任 2060-03-01 disposal approve 2060-02 --digest digest-of:2060-02
陈文书 2060-03-01 disposal handover 2060-02 --office 保密局 --receipt 收条1
- - backup 备份
- - export --out 导出
- - audit head --out head.json --sign
- - index --rebuild
- - restore 备份 恢复
- - restore 导出 再来
!damage
- - repair --from 备份";

/// Commands that change nothing, neither in a repository nor by writing files.
pub(super) const READING: &[&str] = &[
    "audit log",
    "audit verify",
    "completions",
    "disposal destroyed",
    "disposal due",
    "disposal hold list",
    "disposal list show",
    "explain",
    "fixity",
    "fonds file list",
    "fonds history list",
    "fonds list",
    "identify",
    "loan list",
    "loan overdue",
    "opening due",
    "opening list",
    "people list",
    "profile check",
    "profile diff",
    "profile list",
    "profile show",
    "registers gaps",
    "registers list",
    "registers match",
    "registers missing",
    "registers rate",
    "registers returns",
    "storeroom calendar",
    "storeroom room list",
    "storeroom stocktake list",
    "storeroom stocktake show",
    "storeroom where",
    "text",
    "transfer due",
    "transfer key list",
    "transfer key show",
    "use decide",
    "use list",
    "use table",
];

/// Commands that write, and why they aren't killed here.
pub(super) const ELSEWHERE: &[(&str, &str)] = &[
    ("demo", "runs other commands, one after the other"),
    ("serve", "never ends; what comes by the browser is written by the same changes as here"),
    ("man", "writes its own help, anew each time"),
    ("engines", "takes models out of a package, into the user's folder"),
];

/// A line of it.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// A command.
    Typed(Vec<String>),
    /// The disk loses some bits of the objects, and a file.
    Damage,
}

/// The name of the command that is typed: as many of the words as a command has.
pub(super) fn name(words: &[String], commands: &[String]) -> String {
    let known = |count: usize| {
        let name = words[..count.min(words.len())].join(" ");
        commands.contains(&name).then_some(name)
    };
    [3, 2, 1].into_iter().find_map(known).unwrap_or_else(|| panic!("no such command: {words:?}"))
}

/// The life, step by step.
pub(super) fn steps() -> Vec<Step> {
    LIFE.lines()
        .map(|line| {
            if line == "!damage" {
                return Step::Damage;
            }
            let mut words: Vec<String> = line.split(' ').map(|word| word.replace('_', " ")).collect();
            let (by, day) = (words.remove(0), words.remove(0));
            for (option, value) in [("--operator", by), ("--today", day)] {
                if value != "-" {
                    words.extend([option.to_owned(), value]);
                }
            }
            let placed =
                ["init", "restore"].contains(&words[0].as_str()) || words.iter().any(|word| word == "-R");
            if !placed {
                words.extend(["-R".to_owned(), "repository".to_owned()]);
            }
            Step::Typed(words)
        })
        .collect()
}

/// The words as they are typed on this desk.
pub(super) fn typed(words: &[String], desk: &Desk) -> Vec<String> {
    let digest = |list: &str| {
        let shown = desk.run(["disposal", "list", "show", list, "-R", "repository", "--json"]).document();
        shown["digest"].as_str().unwrap().to_owned()
    };
    words.iter().map(|word| word.strip_prefix("digest-of:").map_or_else(|| word.clone(), digest)).collect()
}

/// What a disk does that goes bad: a bit of one scan, and another scan gone.
pub(super) fn damage(desk: &Desk) {
    let objects = desk.path("repository/objects");
    let mut scans: Vec<_> = tree(&objects)
        .into_keys()
        .filter(|path| {
            path.extension().is_some_and(|kind| kind == "txt" && path.to_string_lossy().contains("content"))
        })
        .collect();
    scans.sort();
    let path = objects.join(&scans[0]);
    let mut bytes = fs::read(&path).unwrap();
    bytes[3] ^= 1;
    fs::write(&path, bytes).unwrap();
    fs::remove_file(objects.join(&scans[1])).unwrap();
}

const COLUMNS: &str = "序号,文号,责任者,题名,日期,页数,归档机构,党政,年度,问题,保管期限,扫描件";

/// The office before its first day: its registers and scans.
pub(super) fn office() -> Desk {
    let desk = Desk::new();
    let write = |name: &str, text: &str| fs::write(desk.path(name), text).unwrap();
    fs::create_dir(desk.path("scans")).unwrap();
    let mut register = format!("{COLUMNS}\n");
    for (row, (number, who, what, period, question)) in [
        ("临政〔2004〕1号", "临溪县人民政府", "关于2004年防汛工作的通知", "永久", "防汛"),
        ("临水〔2004〕2号", "县水利局", "关于防汛经费的请示", "永久", "防汛"),
        ("临政函〔2004〕3号", "临溪县人民政府", "关于防汛经费的批复", "永久", "防汛"),
        ("临政办〔2004〕4号", "临溪县人民政府办公室", "关于值班工作的通知", "短期", "值班"),
        ("临政办〔2004〕5号", "临溪县人民政府办公室", "关于车辆管理的通知", "长期", "车辆"),
        ("临政办〔2004〕6号", "临溪县人民政府办公室", "关于会议室使用的通知", "短期", "会议室"),
    ]
    .into_iter()
    .enumerate()
    {
        let row = row + 1;
        let cells = format!(
            "{row},{number},{who},{who}{what},2004-04-0{row},1,秘书股,政,2004,{question},{period},{row}.txt\n"
        );
        register.push_str(&cells);
        write(&format!("scans/{row}.txt"), &format!("{who}{what}。各乡镇人民政府："));
    }
    write("register.csv", &register);
    write(
        "late.csv",
        &format!(
            "{COLUMNS}\n7,临政办〔2004〕7号,临溪县人民政府办公室,临溪县人民政府办公室关于绿化的通知,2004-08-09,1,秘书股,政,2004,绿化,短期,\n"
        ),
    );
    write(
        "收文.csv",
        "收文号,收文日期,来文字号,标题\n1,2004-04-02,临水〔2004〕2号,关于防汛经费的请示\n2,2004-04-12,市政〔2004〕9号,关于春季绿化的通知\n3,2004-05-12,市政〔2004〕12号,关于防汛的通知\n",
    );
    write(
        "logger.csv",
        "序号,记录时间,温度(℃),相对湿度(%RH)\n1,2035-07-01 09:00:00,20.1,52.0\n2,2035-07-02 09:00:00,20.1,52.0\n",
    );
    write("scanned.txt", "J019-2004-001\nJ019-2004-009\n");
    desk
}
