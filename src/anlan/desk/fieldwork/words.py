"""The words of the app on the phone, in the language of the asking person."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    return (
        {"locale": "en-GB" if get_language() == "en" else "zh-CN"} | _places() | _form() | _files() | _queue() | _self()
    )


def _places() -> dict[str, str]:
    return {
        "title": _("安澜 · 现场"),
        "home": _("待办"),
        "read": _("资料"),
        "outbox": _("待发"),
        "mine": _("我的"),
        "form": _("填写"),
        "places": _("页面"),
        "back": _("返回"),
        "online": _("有网络"),
        "offline": _("无网络"),
        "waiting": _("{count} 条待发"),
        "troubled": _("{count} 条待发，有问题"),
        "allSent": _("已全部发送"),
        "drafts": _("继续填写"),
        "begun": _("已答 {done} / {all}，{at}"),
        "dropDraft": _("删除这份未完成的填写？已拍的照片一并删除。"),
        "tasks": _("任务 {count}"),
        "noTasks": _("没有到手的任务。有任务时会列在这里；发现隐患可随时上报。"),
        "due": _("截止"),
        "overdue": _("已逾期，应于"),
        "today": _("今天"),
        "noForm": _("这项所需的表格还没有下载，请联网后再打开。"),
        "nothingCarried": _("手机里还没有资料。联网后自动下载您权限内的企业档案、条款和未整改隐患。"),
        "count": _("{count} 份"),
        "countCut": _("{count} 份，其余请联网在电脑上查看"),
        "find": _("查找名称、内容"),
        "notFound": _("没有找到，请换个说法。"),
        "moreFound": _("还有 {count} 份，请缩小查找范围。"),
        "gone": _("已不在手机里。联网后会重新下载您仍有权查看的内容。"),
        "level1": _("重大"),
        "level2": _("较大"),
        "level3": _("一般"),
        "level4": _("低"),
    }


def _form() -> dict[str, str]:
    return {
        "ok": _("符合"),
        "not": _("不符合"),
        "na": _("不适用"),
        "required": _("必填"),
        "nextOpen": _("下一未答"),
        "handIn": _("提交"),
        "stored": _("已存"),
        "notStored": _("没有存下：{reason}。请勿关闭，清理手机空间后再试。"),
        "lacking": _("还有 {count} 项必填或数值有误"),
        "nothing": _("（空）"),
        "kept": _("已存在手机里，有网络时自动发送。"),
    }


def _files() -> dict[str, str]:
    return {
        "takePhoto": _("拍照"),
        "choosePhoto": _("选照片"),
        "annotate": _("标注"),
        "remove": _("删除"),
        "before": _("整改前"),
        "after": _("现在"),
        "notCarried": _("整改前照片未下载。"),
        "compressing": _("正在压缩…"),
        "noPicture": _("这个文件不是可用的照片，请重新拍摄。"),
        "enough": _("每项最多 {count} 张。"),
        "speak": _("录音"),
        "stop": _("停止"),
        "recording": _("正在录音，最长一分钟。"),
        "noMicrophone": _("不能录音：没有麦克风，或未允许使用。请在浏览器设置中允许。"),
        "sign": _("签名"),
        "undo": _("撤销"),
        "done": _("完成"),
        "cancel": _("取消"),
        "here": _("定位"),
        "finding": _("正在定位…"),
        "noPlaceYet": _("尚未定位"),
        "noPlace": _("不能定位：请在空旷处再试，并允许使用位置。"),
        "accuracy": _("误差约 {metres} 米"),
    }


def _queue() -> dict[str, str]:
    return {
        "toSend": _("待发 {count}"),
        "nothingWaits": _("没有待发的内容，都已送达平台。"),
        "done7": _("近七天已办"),
        "sendNow": _("立即发送"),
        "tryAgain": _("重试"),
        "correct": _("修改后再发"),
        "openResult": _("查看办理结果"),
        "files": _("{count} 个文件"),
        "uploading": _("照片上传进度"),
        "tries": _("已试 {count} 次，自动继续。"),
        "state_waiting": _("等待发送"),
        "state_refused": _("平台不收"),
        "state_letter": _("未能办理，已转管理人员"),
        "state_conflict": _("与他人填写不一致"),
        "state_applied": _("已办"),
        "state_settled": _("已另行处理"),
        "mineSays": _("我填的"),
        "otherSays": _("他人已填"),
        "sendDecided": _("按所选发送"),
        "sessionOver": _("登录已过期，填写照常，{count} 条内容保存在手机里。"),
        "signInAgain": _("重新登录后自动发送"),
    }


def _self() -> dict[str, str]:
    return {
        "signIn": _("登录"),
        "first": _("请先登录。登录后，任务和资料会下载到手机，没有网络也能用。"),
        "firstOffline": _("现在没有网络。这部手机第一次使用，或已退出登录，须联网登录。"),
        "expired": _("超过 {days} 天没有联网，下载的资料已清除；{name}填写的内容仍在，联网后恢复。"),
        "lastContact": _("上次联网：{at}。{days} 天不联网，下载的资料自动清除。"),
        "noContact": _("还没有联网下载过资料。"),
        "fetchNow": _("立即同步"),
        "appearance": _("外观"),
        "look_auto": _("普通"),
        "look_sun": _("强光"),
        "look_dark": _("夜间"),
        "device": _("本机"),
        "deviceWords": _("只保存您权限内的内容，退出登录即清除。手机丢失时，请在电脑上“手机端”页停用。"),
        "desk": _("打开完整平台"),
        "signOut": _("退出登录"),
        "leave": _("退出登录？下载的资料将从手机清除。"),
        "leaveWith": _("还有 {count} 份没有发送或未填完。退出后仍留在本机，您再次登录后继续；下载的资料将清除。退出？"),
        "leaveOffline": _("没有网络，不能退出。请联网后再试。"),
    }
