//! A year in the life of the county's records, as one transcript: opened, read, lent, destroyed, kept and counted.
//!
//! Each line says who typed it and when. What a command says is shown whole where it is short, and by its last
//! line where it is long.

use std::fs;

use crate::desk::{Desk, differing, tree};

/// Longer answers are shown by their last line.
const SHORT: usize = 8;

struct Transcript<'a> {
    desk: &'a Desk,
    text: String,
}

impl Transcript<'_> {
    /// Types a line as somebody on a day of 2035; `DIGEST` stands for that of the first destruction list.
    #[track_caller]
    fn line(&mut self, day: &str, who: &str, typed: &str, status: i32) {
        let date = format!("2035-{day}");
        let digest = if typed.contains("DIGEST") {
            let list = self.desk.json(&["disposal", "list", "show", "2035-01"], 0);
            list["digest"].as_str().unwrap().to_owned()
        } else {
            String::new()
        };
        let words = typed.split(' ').map(|word| if word == "DIGEST" { digest.as_str() } else { word });
        let all = words.chain(["-R", "repository", "--operator", who, "--today", &date]);
        let ran = self.desk.run(all).expect_status(status);
        self.text.extend([day, " ", who, "$ archive ", typed, "\n"]);
        // A refusal is one sentence and its help; the sentence names the clause.
        let said = if status == 2 { &ran.stderr } else { &ran.stdout };
        let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
        let shown = match lines.len() {
            _ if status == 2 => &lines[..1],
            count if count > SHORT => &lines[count - 1..],
            _ => &lines[..],
        };
        for line in shown {
            // The time a search took and the head of the chain are no matter of this test.
            let line = ["；用时", "；请抄存"]
                .into_iter()
                .find_map(|cut| line.split_once(cut))
                .map_or(*line, |cut| cut.0);
            let line = line.trim_end();
            // What an approval is of is a digest of everything: not of interest here.
            let line = if digest.is_empty() { line.to_owned() } else { line.replace(&digest, "DIGEST") };
            self.text.extend([line.as_str(), "\n"]);
        }
    }
}

#[test]
fn a_year_in_the_life_of_the_records() {
    let desk = Desk::with_the_year();
    fs::write(desk.path("counted.txt"), "J019-2004-001\nJ019-2004-003\n").unwrap();
    let mut year = Transcript { desk: &desk, text: String::new() };
    let (director, archivist, reviewer, clerk) = ("王主任", "陈文书", "李审核", "赵阅览");
    for (day, who, typed, status) in [
        ("01-04", director, "people add 王主任 --role director", 0),
        ("01-04", director, "people add 陈文书 --role archivist", 0),
        ("01-04", director, "people add 李审核 --role reviewer", 0),
        ("01-04", director, "people add 赵阅览 --role clerk", 0),
        // Opening: not by one person, not found before.
        ("02-01", archivist, "opening due", 0),
        ("02-01", clerk, "search 抗洪抢险 --as public", 1),
        (
            "02-01",
            archivist,
            "opening review J019-2004-028-012 --opinion open --reason 期满，无不宜开放内容",
            0,
        ),
        ("02-01", archivist, "opening open J019-2004-028-012", 2),
        ("02-02", reviewer, "opening open J019-2004-028-012", 0),
        ("02-02", clerk, "search 抗洪抢险 --as public", 0),
        // The reading room.
        ("03-01", clerk, "use reader 孙六 --kind citizen", 2),
        ("03-01", clerk, "use reader 孙六 --kind citizen --paper identity-card=440106198001010016", 0),
        ("03-01", clerk, "use decide J019-2004-028-012 --reader 2035-0001 --explain", 0),
        ("03-01", clerk, "use decide J019-2004-003-001 --reader 2035-0001 --explain", 1),
        ("03-01", clerk, "use register J019-2004-028-012 --reader 2035-0001 --purpose 修志 --action copy", 0),
        ("03-01", clerk, "use copy 2035-0001 J019-2004-028-012 --pages 1 --checked-by 陈文书", 0),
        // A loan that comes back late.
        (
            "04-01",
            archivist,
            "loan lend J019-2004-003 --to 张三 --unit 水利局 --sheets 12 --approved-by 陈文书",
            2,
        ),
        (
            "04-01",
            archivist,
            "loan lend J019-2004-003 --to 张三 --unit 水利局 --sheets 12 --approved-by 王主任",
            0,
        ),
        ("05-20", archivist, "loan overdue", 0),
        ("05-21", clerk, "loan return J019-2004-003 --sheets 12", 0),
        ("05-21", archivist, "loan overdue", 0),
        // What has served its term.
        ("07-01", archivist, "search 考察团接待安排", 0),
        ("07-01", archivist, "disposal due", 0),
        ("07-01", archivist, "disposal list new --title 2004年短期案卷", 0),
        ("07-01", archivist, "disposal list add 2035-01 J019-2004-001 --reason 到期", 2),
        (
            "07-01",
            archivist,
            "disposal list add 2035-01 J019-2004-041 J019-2004-043 --reason 到期，无续存价值",
            0,
        ),
        ("07-02", archivist, "disposal approve 2035-01 --digest DIGEST", 2),
        ("07-02", archivist, "disposal destroy 2035-01", 2),
        ("07-02", director, "disposal approve 2035-01 --digest DIGEST", 0),
        (
            "07-03",
            archivist,
            "disposal supervise 2035-01 --supervisor 李审核 --supervisor 赵阅览 --place 县造纸厂 --time 7月3日下午",
            0,
        ),
        ("07-03", archivist, "disposal destroy 2035-01", 0),
        ("07-03", archivist, "disposal destroy 2035-01", 2),
        ("07-03", archivist, "search 考察团接待安排", 1),
        ("07-03", archivist, "loan lend J019-2004-043 --to 张三 --sheets 1 --approved-by 王主任", 2),
        // The storeroom.
        ("08-01", archivist, "storeroom room add 1 --name 一号库", 0),
        ("08-01", archivist, "storeroom shelf add 1/A01 --levels 6", 0),
        ("08-01", archivist, "storeroom place J019-2004-001 J019-2004-002 --at 1/A01/1", 0),
        ("08-01", archivist, "storeroom place J019-2004-043 --at 1/A01/1", 2),
        ("08-01", archivist, "storeroom reading add --room 1 -t 26.5 -H 52", 0),
        ("08-02", archivist, "storeroom reading add --room 1 -t 20 -H 52", 0),
        ("12-30", archivist, "storeroom stocktake count counted.txt --full", 1),
        // The year's end.
        ("12-30", archivist, "fonds card --own-font --format pdf --out forms", 0),
        ("12-31", archivist, "report year --year 2035 --own-font --format xlsx --out forms", 0),
        ("12-31", archivist, "report year --year 2035 --show opening.opened", 0),
        ("12-31", archivist, "audit verify", 0),
        ("12-31", archivist, "fixity", 0),
    ] {
        let before = (status == 2).then(|| tree(&desk.path("repository")));
        year.line(day, who, typed, status);
        if let Some(before) = before {
            assert!(differing(&before, &tree(&desk.path("repository"))).is_empty(), "refused: {typed}");
        }
    }
    insta::assert_snapshot!(year.text, @r#"
    01-04 王主任$ archive people add 王主任 --role director
    王主任（负责人）已登记
    01-04 王主任$ archive people add 陈文书 --role archivist
    陈文书（档案员）已登记
    01-04 王主任$ archive people add 李审核 --role reviewer
    李审核（审核人）已登记
    01-04 王主任$ archive people add 赵阅览 --role clerk
    赵阅览（阅览员）已登记
    02-01 陈文书$ archive opening due
    该审核的 297 件；提醒只供参考，开放须经初审、复审两人
    02-01 赵阅览$ archive search 抗洪抢险 --as public
    没有找到
    02-01 陈文书$ archive opening review J019-2004-028-012 --opinion open --reason 期满，无不宜开放内容
    J019-2004-028-012　开放　政府工作简报（第12期）：抗洪抢险先进事迹
    初审 1 件（陈文书）；须由另一人复审
    02-01 陈文书$ archive opening open J019-2004-028-012
    错误：J019-2004-028-012：陈文书 没有所需的角色：审核人、负责人（U1：福田《利用开放档案暂行规定》二；《档案法》(2020) 第二十七条）
    02-02 李审核$ archive opening open J019-2004-028-012
    J019-2004-028-012　开放　政府工作简报（第12期）：抗洪抢险先进事迹
    复审 1 件（李审核）
    索引已随之更新
    02-02 赵阅览$ archive search 抗洪抢险 --as public
    J019-2004-028-012　政府工作简报（第12期）：抗洪抢险先进事迹
      〔2004〕第12期　临溪县人民政府办公室　2004-06-28
      政府工作简报（第12期）：【抗洪抢险】先进事迹
    共 1 处，1 件
    03-01 赵阅览$ archive use reader 孙六 --kind citizen
    错误：登记表上没有证件一栏的内容（U4：福田《查阅档案须知》一）
    03-01 赵阅览$ archive use reader 孙六 --kind citizen --paper identity-card=440106198001010016
    利用者 2035-0001：孙六（公民）
      身份证 4401************16
    03-01 赵阅览$ archive use decide J019-2004-028-012 --reader 2035-0001 --explain
    J019-2004-028-012　政府工作简报（第12期）：抗洪抢险先进事迹　（开放）：可以提供
      依据 U4（福田《查阅档案须知》一）：开放档案，凭 身份证，或 工作证，或 介绍信
        已出示：身份证
    03-01 赵阅览$ archive use decide J019-2004-003-001 --reader 2035-0001 --explain
    J019-2004-003-001　中共临溪县委常委会议纪要（2004年第3次）　（未开放）：不予提供
      未开放档案，证件或手续不全，还缺：负责人批准（U5：福田《利用非开放档案暂行规定》三至六）
      补齐后再办；依据：福田《查阅档案须知》一；《利用非开放档案暂行规定》三
      依据 U5（福田《查阅档案须知》一；《利用非开放档案暂行规定》三）：未开放档案，凭 身份证＋负责人批准，或 工作证＋负责人批准，或 介绍信＋负责人批准
    03-01 赵阅览$ archive use register J019-2004-028-012 --reader 2035-0001 --purpose 修志 --action copy
    利用登记 2035-0001：复制 1 件
      J019-2004-028-012　政府工作简报（第12期）：抗洪抢险先进事迹
      依据 U4 福田《查阅档案须知》一
    03-01 赵阅览$ archive use copy 2035-0001 J019-2004-028-012 --pages 1 --checked-by 陈文书
    2035-0001-1　本件复制自临溪县人民政府办公室馆藏档案，档号 J019-2004-028-012，第 1 页，与原件核对无误。
      复印 A4 × 1：0.50 元
    04-01 陈文书$ archive loan lend J019-2004-003 --to 张三 --unit 水利局 --sheets 12 --approved-by 陈文书
    错误：J019-2004-003：陈文书 没有所需的角色：负责人（U8：简阳（九）5(3)(5)；福田《查阅档案须知》五）
    04-01 陈文书$ archive loan lend J019-2004-003 --to 张三 --unit 水利局 --sheets 12 --approved-by 王主任
    2035-0001  J019-2004-003  张三（水利局）  2035-04-01 至 2035-04-15  在借
    借出 1 卷
    05-20 陈文书$ archive loan overdue
    2035-0001  J019-2004-003  张三（水利局）  2035-04-01 至 2035-04-15  过期 35 天
    过期未还 1 卷（2035-05-20）
    05-21 赵阅览$ archive loan return J019-2004-003 --sheets 12
    2035-0001  J019-2004-003  张三（水利局）  2035-04-01 至 2035-04-15  2035-05-21 已还
    归还 1 卷
    05-21 陈文书$ archive loan overdue
    过期未还 0 卷（2035-05-21）
    07-01 陈文书$ archive search 考察团接待安排
    J019-2004-043-001　关于平溪县考察团接待安排的意见
      临溪县人民政府办公室　2004-04-07
      关于平溪县【考察团接待安排】的意见
    J019-2004-043-001　第 1 页　关于平溪县考察团接待安排的意见
      临溪县人民政府办公室　2004-04-07
      关于平溪县【考察团接待安排】的意见平溪县人民政府考察团一行十二人，定于4月9日至10日来我县考察农村公路建设。现提出接待安排意见如下：一、4月9日上午11时，分管副县长、办…
    共 2 处，1 件
    07-01 陈文书$ archive disposal due
    另有 1 件没有立卷，也没有年度或保管期限，算不出到期日
    07-01 陈文书$ archive disposal list new --title 2004年短期案卷
    销毁清册 2035-01 已新编；下一步：archive disposal list add 2035-01 档号…
    07-01 陈文书$ archive disposal list add 2035-01 J019-2004-001 --reason 到期
    错误：J019-2004-001 永久保管，不能销毁（D1：杂多第三十四条(一)；福田《文件销毁制度》三）
    07-01 陈文书$ archive disposal list add 2035-01 J019-2004-041 J019-2004-043 --reason 到期，无续存价值
    列入 2 项，清册 2035-01 共 2 项
    07-02 陈文书$ archive disposal approve 2035-01 --digest DIGEST
    错误：陈文书 没有所需的角色：负责人（D1：杂多第三十四条(一)；福田《文件销毁制度》三）
    07-02 陈文书$ archive disposal destroy 2035-01
    错误：清册没有批准，或批准之后有改动而作废（D1：杂多第三十四条(一)；福田《文件销毁制度》三）
    07-02 王主任$ archive disposal approve 2035-01 --digest DIGEST
    王主任 批准了清册 2035-01（2 项）；此后任何改动都使批准作废
    07-03 陈文书$ archive disposal supervise 2035-01 --supervisor 李审核 --supervisor 赵阅览 --place 县造纸厂 --time 7月3日下午
    清册 2035-01 由 李审核、赵阅览 监销
    07-03 陈文书$ archive disposal destroy 2035-01
    按清册 2035-01 已销毁 2 卷、8 件、1 个文件（0.1 MB）；目录行、凭证和编号保留
    库外的副本（纸质原件、移交包、打印件、备份）不在此列，请按清册另行销毁
    07-03 陈文书$ archive disposal destroy 2035-01
    错误：清册 2035-01 已于 2035-07-03 销毁，不能再改（D5：福田《案卷质量标准》七）
    07-03 陈文书$ archive search 考察团接待安排
    没有找到
    07-03 陈文书$ archive loan lend J019-2004-043 --to 张三 --sheets 1 --approved-by 王主任
    错误：J019-2004-043 已按清册 2035-01 销毁（D5：福田《案卷质量标准》七）
    08-01 陈文书$ archive storeroom room add 1 --name 一号库
    已增加：1
    08-01 陈文书$ archive storeroom shelf add 1/A01 --levels 6
    已增加：1/A01
    08-01 陈文书$ archive storeroom place J019-2004-001 J019-2004-002 --at 1/A01/1
    J019-2004-001 在 1/A01/1
    J019-2004-002 在 1/A01/1
    共 2 卷（盒）
    08-01 陈文书$ archive storeroom place J019-2004-043 --at 1/A01/1
    错误：J019-2004-043 已按清册 2035-01 销毁（D5：福田《案卷质量标准》七）
    08-01 陈文书$ archive storeroom reading add --room 1 -t 26.5 -H 52
    1 库：登记 1 次；已有 0 次
    其中 1 次超出标准（H1）
    08-02 陈文书$ archive storeroom reading add --room 1 -t 20 -H 52
    1 库：登记 1 次；已有 0 次
    12-30 陈文书$ archive storeroom stocktake count counted.txt --full
    逐件查明后：archive storeroom stocktake settle 2035-01 档号 --note 处理
    12-30 陈文书$ archive fonds card --own-font --format pdf --out forms
    forms/J019 全宗卡片.pdf
    12-31 陈文书$ archive report year --year 2035 --own-font --format xlsx --out forms
    forms/2035 年度统计年报.xlsx
    12-31 陈文书$ archive report year --year 2035 --show opening.opened
    1  J019-2004-028-012  2035-02-02  政府工作简报（第12期）：抗洪抢险先进事迹
    2035 年“开放文件”：1，依据 1 条
    12-31 陈文书$ archive audit verify
    审计链完整，共 35 条
    12-31 陈文书$ archive fixity
    核对 85 个对象、88 个文件（8.7 MB），问题 0 处
    "#);
}
