// What is said of requests, of the box and its devices.

#include "edge/words/sentence.h"

namespace branchline {
namespace {

constexpr Sentence kBox[] = {
    // The till and its requests.
    {"the request carries no till key: pair the till with 'branchline till "
     "pair' and send 'authorization: Bearer <key>'",
     "请求没有收银机密钥：请用“branchline till "
     "pair”配对，并发送“authorization: Bearer <key>”",
     "請求沒有收銀機金鑰：請用「branchline till "
     "pair」配對，並傳送「authorization: Bearer <key>」"},
    {"no till of $0 is paired with this key: pair the till with 'branchline "
     "till pair'",
     "$0 没有收银机与此密钥配对：请用“branchline till pair”配对",
     "$0 沒有收銀機與此金鑰配對：請用「branchline till pair」配對"},
    {"command_id has $0 bytes, want $1: make a UUID and keep it for retries",
     "命令编号有 $0 个字节，应为 $1 个：请生成 UUID 并在重试时沿用",
     "指令編號有 $0 個位元組，應為 $1 個：請產生 UUID 並在重試時沿用"},
    {"request_id has $0 bytes, want $1: make a UUID and keep it for retries",
     "请求编号有 $0 个字节，应为 $1 个：请生成 UUID 并在重试时沿用",
     "請求編號有 $0 個位元組，應為 $1 個：請產生 UUID 並在重試時沿用"},
    {"command id $0 was used for another request, at $1: a new request needs a "
     "new id",
     "命令编号 $0 已用于另一请求（$1）：新请求须用新编号",
     "指令編號 $0 已用於另一請求（$1）：新請求須用新編號"},
    {"the event has $0 bytes, at most $1", "记录有 $0 个字节，最多 $1 个",
     "紀錄有 $0 個位元組，最多 $1 個"},
    {"tender kind $0 is not known here", "不认识第 $0 类付款方式",
     "不認識第 $0 類付款方式"},
    {"line kind $0 is newer than this program", "第 $0 类商品行比本程序新",
     "第 $0 類商品行比本程式新"},
    {"payment kind $0 is newer than this program", "第 $0 类付款比本程序新",
     "第 $0 類付款比本程式新"},
    {"reason $0 of a stock change is not known here",
     "不认识第 $0 类库存变动原因", "不認識第 $0 類庫存異動原因"},
    // The box.
    {"nothing can be sold on this box: @0", "本机不能销售：@0",
     "本機不能銷售：@0"},
    {"till $0 was shown $1, the journal here ends at $2: this disk was rolled "
     "back or replaced. Keep it, and run 'branchline edge recover'",
     "收银机 $0 见过 $1，而本机账本只到 "
     "$2：硬盘被回退或更换。请保留该硬盘，并运行“branchline edge recover”",
     "收銀機 $0 見過 $1，而本機帳本只到 "
     "$2：硬碟被回復或更換。請保留該硬碟，並執行「branchline edge recover」"},
    {"a write to the disk failed and this node is stopping; nothing was "
     "committed. Ask again with the same command id when it is back",
     "写盘失败，本机正在停止；没有入账。恢复后请重试",
     "寫入硬碟失敗，本機正在停止；沒有入帳。恢復後請重試"},
    {"this node is stopping; ask again with the same command id",
     "本机正在停止；请稍后重试", "本機正在停止；請稍後重試"},
    {"this node is stopping; watch again", "本机正在停止；请稍后重新连接",
     "本機正在停止；請稍後重新連線"},
    {"$0 commands wait for the disk already; ask again with the same command "
     "id",
     "已有 $0 条命令在等待写盘；请稍后重试",
     "已有 $0 個指令在等待寫入硬碟；請稍後重試"},
    {"$0 is damaged in the ledger", "账本中的 $0 已损坏：请联系技术人员",
     "帳本中的 $0 已損毀：請聯絡技術人員"},
    {"whether this till trains cannot be read",
     "无法读取本机是否在培训模式：请联系技术人员",
     "無法讀取本機是否在訓練模式：請聯絡技術人員"},
    // Devices.
    {"till $0 has no scale", "收银机 $0 没有电子秤", "收銀機 $0 沒有電子秤"},
    {"till $0 has no display", "收银机 $0 没有顾客屏",
     "收銀機 $0 沒有顧客顯示器"},
    {"till $0 has no drawer", "收银机 $0 没有钱箱", "收銀機 $0 沒有錢箱"},
    {"till $0 has no printer; ask at another till",
     "收银机 $0 没有打印机；请到其他收银机打印",
     "收銀機 $0 沒有印表機；請到其他收銀機列印"},
    {"till $0 has no terminal or wallet '$1'", "收银机 $0 没有刷卡机或钱包“$1”",
     "收銀機 $0 沒有刷卡機或錢包「$1」"},
    {"till $0 has nothing that takes @1", "收银机 $0 不能收@1",
     "收銀機 $0 不能收@1"},
    {"card terminal", "刷卡", "刷卡"},
    {"WeChat Pay", "微信支付", "微信支付"},
    {"Alipay", "支付宝", "支付寶"},
    {"what pays at till $0 is not at work: see its devices; take cash "
     "meanwhile",
     "收银机 $0 的收款设备不可用：请查看设备；暂收现金",
     "收銀機 $0 的收款設備不可用：請查看設備；暫收現金"},
    {"payments are not kept here", "此处不记录付款", "此處不記錄付款"},
    {"the devices are just being set up", "设备正在设置", "設備正在設定"},
    {"printer $0 of till $1 could not be set up; mend its configuration, then "
     "reprint",
     "收银机 $1 的打印机 $0 设置失败；请修正配置后重打",
     "收銀機 $1 的印表機 $0 設定失敗；請修正設定後重印"},
    {"there is no drawer '$0'", "没有钱箱“$0”", "沒有錢箱「$0」"},
    {"printer $0, which opens it, is not at work; open it by its key",
     "负责开钱箱的打印机 $0 不可用；请用钥匙打开",
     "負責開錢箱的印表機 $0 不可用；請用鑰匙打開"},
    {"there is no device '$0' at work; 'branchline devices list' shows them",
     "没有可用设备“$0”；“branchline devices list”可列出",
     "沒有可用設備「$0」；「branchline devices list」可列出"},
    {"till $0 opens drawer $1, not $2", "收银机 $0 开的是钱箱 $1，不是 $2",
     "收銀機 $0 開的是錢箱 $1，不是 $2"},
    {"asked before: the drawer was told to open then",
     "此前已请求：当时已开钱箱", "先前已請求：當時已開錢箱"},
    {"open the drawer: header.staff is empty; nobody opens it unnamed",
     "开钱箱：须写明工号", "開錢箱：須寫明員工編號"},
    {"open the drawer: the till has none", "开钱箱：本机没有钱箱",
     "開錢箱：本機沒有錢箱"},
    {"open the drawer: the note has $0 bytes, at most $1",
     "开钱箱：备注有 $0 个字节，最多 $1 个",
     "開錢箱：備註有 $0 個位元組，最多 $1 個"},
    {"open the drawer: reason $0; want no sale, paid in, paid out, pickup, "
     "count or test (a sale and a return open it by themselves)",
     "开钱箱：不认识的原因 "
     "$0；可为不销售、其他收入、其他支出、缴款、清点或测试（销售和退货会自动开"
     "）",
     "開錢箱：不認識的原因 "
     "$0；可為不銷售、其他收入、其他支出、繳款、清點或測試（銷售和退貨會自動開"
     "）"},
    {"weigh: the scale says nothing; look at its plug, or type the weight",
     "称重：电子秤没有反应；请检查连线，或手输重量",
     "秤重：電子秤沒有反應；請檢查接線，或手輸重量"},
    {"weigh: this weight has been taken; take the goods off first",
     "称重：该重量已取用；请先取下商品", "秤重：該重量已取用；請先取下商品"},
    {"weigh: the scale is @0; try again", "称重：电子秤@0；请重试",
     "秤重：電子秤@0；請重試"},
    {"zero the scale: it takes no such command; use its own key",
     "归零：电子秤不支持此命令；请按秤上的键",
     "歸零：電子秤不支援此指令；請按秤上的鍵"},
    {"no print job '$0' any more; print it from the journal instead",
     "打印任务“$0”已不存在；请重打小票", "列印工作「$0」已不存在；請重印收據"},
    {"queue a slip: $0 wait already; look after the printer, or give some up",
     "打印队列已有 $0 张；请检查打印机", "列印佇列已有 $0 張；請檢查印表機"},
    {"moving", "尚未稳定", "尚未穩定"},
    {"too heavy", "超重", "超重"},
    {"below zero", "低于零点", "低於零點"},
    {"empty", "上没有商品", "上沒有商品"},
    {"not ready", "未就绪", "未就緒"},
    {"cannot find its zero", "无法归零", "無法歸零"},
    {"ready", "就绪", "就緒"},
    {"not opened yet", "尚未打开", "尚未開啟"},
    {"not there: $0", "未连接：$0", "未連接：$0"},
    {"asked, no answer yet", "已询问，尚无应答", "已詢問，尚無回應"},
    {"not at work; see what is wrong with the configuration",
     "不可用；请检查配置", "不可用；請檢查設定"},
    {"not tried yet", "尚未试过", "尚未試過"},
    {"not there: no line to the wallet", "未连接：钱包网络不通",
     "未連接：錢包網路不通"},
    {"the wallet does not know this shop", "钱包不认识本店", "錢包不認識本店"},
    {"not tried yet: $0", "尚未试过：$0", "尚未試過：$0"},
    {"not there: no line to the wallet: $0", "未连接：钱包网络不通：$0",
     "未連接：錢包網路不通：$0"},
    {"the wallet does not know this shop: $0", "钱包不认识本店：$0",
     "錢包不認識本店：$0"},
    {"its printer is silent", "所接打印机没有反应", "所接印表機沒有反應"},
    {"open for $0 s", "已打开 $0 秒", "已打開 $0 秒"},
    {"@0; its queue: $1", "@0；打印队列：$1", "@0；列印佇列：$1"},
    {"@0, $1 answers refused", "@0，有 $1 次应答无效", "@0，有 $1 次回應無效"},
    // The card terminal.
    {"no line", "网络不通", "網路不通"},
    {"greeting", "正在连接", "正在連線"},
    {"paying", "正在收款", "正在收款"},
    {"being asked what became of a payment", "正在查询付款结果",
     "正在查詢付款結果"},
    {"busy; it is asked again", "忙，稍后再问", "忙碌，稍後再問"},
    {"at another task", "正在处理其他任务", "正在處理其他工作"},
    // The printer; it may be several at once.
    {"paper out, @0", "缺纸、@0", "缺紙、@0"},
    {"cover open, @0", "上盖打开、@0", "上蓋打開、@0"},
    {"knife stuck, @0", "切刀卡住、@0", "切刀卡住、@0"},
    {"broken: switch it off and on, @0", "故障，请关机再开、@0",
     "故障，請關機再開、@0"},
    {"error, @0", "出错、@0", "出錯、@0"},
    {"feed button held, @0", "进纸键被按住、@0", "進紙鍵被按住、@0"},
    {"error", "出错", "出錯"},
    {"paper out", "缺纸", "缺紙"},
    {"paper is low", "纸将用完", "紙將用完"},
    {"cover open", "上盖打开", "上蓋打開"},
    {"knife stuck", "切刀卡住", "切刀卡住"},
    {"broken: switch it off and on", "故障：请关机再开", "故障：請關機再開"},
    {"feed button held", "进纸键被按住", "進紙鍵被按住"},
    {"off line", "脱机", "離線"},
    {"closed", "已关闭", "已關閉"},
    {"OPEN TOO LONG: $0 s", "打开过久：$0 秒", "打開過久：$0 秒"},
    {"it has no switch", "没有开关信号", "沒有開關訊號"},
};

}  // namespace

absl::Span<const Sentence> BoxSentences() { return kBox; }

}  // namespace branchline
